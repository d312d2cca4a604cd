"""Training networks, in NumPy.

    cell, random = CELLS["lstm"], np.random.RandomState(7)
    network = Network((
        Embedding("embedding", glorot_uniform(len(words), 6, random), mask_zero=True),
        Recurrent("lstm", cell, draw_weights(cell, 6, 8, random), return_sequences=True),
        Dense("dense", glorot_uniform(8, len(labels), random), np.zeros(len(labels), np.float32),
              "softmax"),
    ))
    examples = Examples.of(sequences, labels_of_each_timestep)  # lists of ids, lists of labels
    for epoch in fit(network, examples, Hyperparameters(epochs=30, validation_split=0.1)):
        print(epoch.epoch, epoch.loss, epoch.val_accuracy, epoch.seconds_left)
    trained = epoch.best_network

With `return_sequences=False` the head reads the last timestep, and each sequence has one label;
one output with a sigmoid is trained on labels 0 and 1.
"""

from .examples import Examples
from .fit import Diverged, Epoch, Hyperparameters, fit
from .losses import NOT_COUNTED

__all__ = ["NOT_COUNTED", "Diverged", "Epoch", "Examples", "Hyperparameters", "fit"]
