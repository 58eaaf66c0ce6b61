"""What is wrong with the input: the rules, one fault, and how faults are told."""
