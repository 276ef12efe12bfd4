// A plugin of QEMU's user-mode emulator: counts the instructions that a program executes, by the symbol they lie in.
//
//   qemu-aarch64 -plugin ./instruction-counter.so,output=FILE PROGRAM
//
// At exit FILE gets one line per symbol that was executed, `COUNT NAME`, with `?` for code without one. Programs of one thread
// only: the counters are plain additions.
//
// Distributions ship the emulator without `qemu-plugin.h`, so what is used of it is declared here, as version 1 has it.

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

typedef uint64_t plugin_id;
struct qemu_plugin_tb;
struct qemu_plugin_insn;

/** The only operation that can be placed into translated code without a call: `*counter += immediate`. */
enum inline_operation { INLINE_ADD_U64 };

typedef void (*translation_callback)(plugin_id id, struct qemu_plugin_tb *block);
typedef void (*exit_callback)(plugin_id id, void *data);

size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *block);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *block, size_t index);
const char *qemu_plugin_insn_symbol(const struct qemu_plugin_insn *instruction);
void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id id, translation_callback callback);
void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *instruction, enum inline_operation operation,
                                                void *counter, uint64_t immediate);
void qemu_plugin_register_atexit_cb(plugin_id id, exit_callback callback, void *data);

/** Instructions executed in one symbol. Translated code holds the address of `count`, so it never moves. */
struct symbol {
  struct symbol *next;
  uint64_t count;
  char name[];
};

static struct symbol *symbols;
static const char *output_file;

static void fail(const char *what) {
  perror(what);
  exit(EXIT_FAILURE);
}

static struct symbol *symbol_named(const char *name) {
  for (struct symbol *known = symbols; known != NULL; known = known->next) {
    if (strcmp(known->name, name) == 0) return known;
  }
  const size_t bytes = strlen(name) + 1;
  struct symbol *added = calloc(1, sizeof *added + bytes);
  if (added == NULL) fail("instruction counter");
  memcpy(added->name, name, bytes);
  added->next = symbols;
  symbols = added;
  return added;
}

/** Counts instruction by instruction rather than by block, so that a block which is left early counts what it executed. */
static void on_translation(plugin_id id, struct qemu_plugin_tb *block) {
  (void)id;
  const size_t instructions = qemu_plugin_tb_n_insns(block);
  for (size_t index = 0; index < instructions; index++) {
    struct qemu_plugin_insn *instruction = qemu_plugin_tb_get_insn(block, index);
    const char *name = qemu_plugin_insn_symbol(instruction);
    struct symbol *symbol = symbol_named(name == NULL || *name == '\0' ? "?" : name);
    qemu_plugin_register_vcpu_insn_exec_inline(instruction, INLINE_ADD_U64, &symbol->count, 1);
  }
}

static void on_exit_of_program(plugin_id id, void *data) {
  (void)id;
  (void)data;
  FILE *file = fopen(output_file, "w");
  if (file == NULL) fail(output_file);
  for (struct symbol *symbol = symbols; symbol != NULL; symbol = symbol->next) {
    if (symbol->count > 0) fprintf(file, "%" PRIu64 " %s\n", symbol->count, symbol->name);
  }
  if (fclose(file) != 0) fail(output_file);
}

/** Read by the emulator before it calls anything. */
EXPORT int qemu_plugin_version = 1;

/** Called by the emulator with what stands after the plugin's name, split at commas; not 0 refuses to run. */
EXPORT int qemu_plugin_install(plugin_id id, const void *information, int count, char **values) {
  (void)information;
  static const char key[] = "output=";
  for (int index = 0; index < count; index++) {
    if (strncmp(values[index], key, sizeof key - 1) != 0) {
      fprintf(stderr, "instruction counter: what is '%s'?\n", values[index]);
      return -1;
    }
    // The emulator frees its copy.
    output_file = strdup(values[index] + sizeof key - 1);
  }
  if (output_file == NULL) {
    fprintf(stderr, "instruction counter: output=FILE is missing\n");
    return -1;
  }
  qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
  qemu_plugin_register_atexit_cb(id, on_exit_of_program, NULL);
  return 0;
}
