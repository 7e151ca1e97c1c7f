#include "desk/record_line.h"

static json_t *describe_field(const struct store_field *field) {
    json_t *name = json_stringn(field->name.bytes, field->name.length);
    if (field->masked) {
        return json_pack("{s:o, s:b}", "name", name, "masked", 1);
    }
    return json_pack("{s:o, s:o}", "name", name, "value", json_stringn(field->value.bytes, field->value.length));
}

json_t *record_line_describe(const struct store_record *record) {
    char hash[STORE_HASH_ROOM];
    json_t *fields = json_array();
    store_print_hash(&record->chain, hash);
    for (size_t i = 0; i < record->count; i++) {
        (void)json_array_append_new(fields, describe_field(&record->fields[i]));
    }
    return json_pack("{s:I, s:s, s:b, s:o}", "sequence", (json_int_t)record->sequence, "chain", hash, "withheld",
                     (int)record->withheld, "fields", fields);
}
