"""The offline planner: a pure function from the messages of a conversation to the next calls or the reply."""
