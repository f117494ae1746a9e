"""Says when the sun rises."""

__version__ = "1.2.0"


def greeting(place: str = "world") -> str:
    return f"Good morning, {place}: the sun rises."
