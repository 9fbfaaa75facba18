/* settings.h — what the editor's settings say.
 *
 * The client's JSON is flattened to the keys of config/config.h: {"rules": {"float-money":
 * "off"}} becomes rules.float-money = off. */
#ifndef LSP_SETTINGS_H
#define LSP_SETTINGS_H

#include "lsp/server.h"

/* Asks the client, where it can be asked. */
void settings_ask(Server *server);
/* From initializationOptions, or pushed settings: an object, perhaps below "lintel". Anything
 * else, null included, means: nothing set. */
void settings_set(Server *server, const cJSON *json);
/* A copy that a job can carry. */
SettingVec settings_copy(const Server *server, Arena *out);

#endif
