from setuptools import setup

# A name that is not normalised and a version that is not canonical: what older projects hand to real tools.
setup(
    name="Lantern.Tools",
    version="2.0.0rc1",
    description="Built by setuptools, for its quirks",
    long_description=open("README.rst", encoding="utf-8").read(),
    python_requires=">=3.7,!=3.8.*",
    install_requires=["importlib-metadata; python_version < '3.10'"],
    packages=["Lantern_Tools"],
    package_data={"Lantern_Tools": ["data/*"]},
    data_files=[("share/lantern", ["README.rst"])],
    entry_points={"console_scripts": ["lantern = Lantern_Tools:main"]},
)
