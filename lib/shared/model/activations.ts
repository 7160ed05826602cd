/**
 * Name of the output [pictures, classes, height, width] whose mean over height and width is the
 * logit.
 */
export const ACTIVATIONS_OUTPUT = 'class_activations';
