from sunrise_demo import greeting

print(greeting())
