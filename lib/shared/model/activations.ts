/** The output, [pictures, classes, height, width], whose mean over the places is the logit. */
export const ACTIVATIONS_OUTPUT = 'class_activations';
