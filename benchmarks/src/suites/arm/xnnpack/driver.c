// Runs one 1×1 convolution of XNNPACK, for its instructions to be counted.
//
// Reads from standard input: 32-bit integers (1 for the sparse operator or 0 for the dense one, output channels, input channels,
// height, width, how often it runs), then as floats the weights [output][input] and the image [input][height][width].
// Writes the result [output][height][width]. The dense operator takes channels last: what turns images around is outside of the runs.

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <xnnpack.h>

static void check(int ok, const char *what) {
  if (ok) return;
  fprintf(stderr, "xnnpack: %s\n", what);
  exit(EXIT_FAILURE);
}

static void *read_all(size_t count, size_t size) {
  // The library reads a little beyond what it is given.
  char *memory = calloc(count * size + XNN_EXTRA_BYTES, 1);
  check(memory != NULL && fread(memory, size, count, stdin) == count, "input");
  return memory;
}

/** `[rows][columns]` as `[columns][rows]`. */
static float *transposed(const float *from, size_t rows, size_t columns) {
  float *to = calloc(rows * columns * sizeof(float) + XNN_EXTRA_BYTES, 1);
  check(to != NULL, "memory");
  for (size_t row = 0; row < rows; row++) {
    for (size_t column = 0; column < columns; column++) to[column * rows + row] = from[row * columns + column];
  }
  return to;
}

int main(void) {
  const int32_t *head = read_all(6, sizeof(int32_t));
  const int sparse = head[0] != 0;
  const size_t outputs = (size_t)head[1], inputs = (size_t)head[2];
  const size_t height = (size_t)head[3], width = (size_t)head[4], pixels = height * width;
  const float *weights = read_all(outputs * inputs, sizeof(float));
  const float *image = read_all(inputs * pixels, sizeof(float));
  float *result = calloc(outputs * pixels * sizeof(float) + XNN_EXTRA_BYTES, 1);
  check(result != NULL, "memory");
  check(xnn_initialize(NULL) == xnn_status_success, "initialize");

  xnn_operator_t convolution = NULL;
  enum xnn_status status =
      sparse ? xnn_create_convolution2d_nchw_f32(0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, inputs, outputs, inputs, outputs, weights, NULL,
                                                 -INFINITY, INFINITY, 0, &convolution)
             : xnn_create_convolution2d_nhwc_f32(0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, inputs, outputs, inputs, outputs, weights, NULL,
                                                 -INFINITY, INFINITY, 0, &convolution);
  check(status == xnn_status_success, "create");
  const float *source = sparse ? image : transposed(image, inputs, pixels);
  status = sparse ? xnn_setup_convolution2d_nchw_f32(convolution, 1, height, width, source, result, NULL)
                  : xnn_setup_convolution2d_nhwc_f32(convolution, 1, height, width, source, result, NULL);
  check(status == xnn_status_success, "setup");
  for (int32_t run = 0; run < head[5]; run++) {
    check(xnn_run_operator(convolution, NULL) == xnn_status_success, "run");
  }
  const float *planes = sparse ? result : transposed(result, pixels, outputs);
  check(fwrite(planes, sizeof(float), outputs * pixels, stdout) == outputs * pixels, "output");
  return 0;
}
