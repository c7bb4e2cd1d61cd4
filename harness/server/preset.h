/* preset.h: servers that can be started by their program's name alone. */
#ifndef SERVER_PRESET_H
#define SERVER_PRESET_H

struct server_preset {
    const char *program;     /* "redis-server" */
    const char *config_name; /* the file that the program reads, in {dir} */
    const char *first;       /* configuration before what a user writes */
    const char *last;        /* and after it: what the harness insists on */
    const char *keeps;       /* what makes it keep its data over a crash */
    const char *ready;
    const char *uri; /* where a client finds it */
};

/* By the first word of a command line that does not name {port} itself; NULL: none. */
const struct server_preset *server_preset_find(const char *command);
/* The command line with the configuration file put in.  Gives (free). */
char *server_preset_command(const struct server_preset *preset, const char *command);

#endif
