print("iterapp")
