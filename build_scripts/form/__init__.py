"""The web form: made from the models, with belts/ as its repository and faults told by field."""
