def main():
    print("light")
