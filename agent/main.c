/* main.c - find the command and run it */
#include "commands/command.h"

int
main(int argc, char **argv)
{
	return command_main(argc, argv);
}
