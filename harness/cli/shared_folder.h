/* shared_folder.h: where the files are that come with the program, installed or in its sources. */
#ifndef CLI_SHARED_FOLDER_H
#define CLI_SHARED_FOLDER_H

/* The path of something shared ("scenarios/conformance", "adapters/c/skeleton.c"), found from where
   the program is.  Gives (free); NULL when it is nowhere. */
char *shared_folder_find(const char *name);

/* The folder that adapter.h is in.  Gives (free); NULL when it is nowhere. */
char *shared_folder_header(void);

/* The program itself, as it was started.  Gives (free); NULL when nobody can tell. */
char *shared_folder_program(void);

#endif
