def trained_words():
    return ()


def probabilities(shape):
    return {}
