/* fiber.c - straight-line code that can be left in the middle and resumed */
#include <sys/mman.h>

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <ucontext.h>

#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#else
#define VALGRIND_STACK_REGISTER(low, high) 0
#define VALGRIND_STACK_DEREGISTER(id) ((void)(id))
#endif

#include "model/alloc.h"
#include "scan/fiber.h"

/*
 * Of address space; memory is what was touched of it, 40 KiB by most probes.
 * Below lies what nobody may touch.
 */
#ifdef __SANITIZE_ADDRESS__
#define HAS_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_ASAN 1
#endif
#endif
#ifdef HAS_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#define STACK_BYTES ((size_t)2 * 1024 * 1024)
#else
#define HAS_ASAN 0
#define __sanitizer_start_switch_fiber(fake, stack, size) ((void)0)
#define __sanitizer_finish_switch_fiber(fake, stack, size) ((void)0)
#define __asan_unpoison_memory_region(stack, size) ((void)0)
#define STACK_BYTES ((size_t)256 * 1024)
#endif
#define GUARD_BYTES ((size_t)64 * 1024)

/* Where one is left from and returned to; what AddressSanitizer knows of it. */
struct place {
	ucontext_t context;
	const void *stack;
	size_t size;
	void *fake_stack;
};

struct fiber {
	char *memory; /* the guard, then the stack */
	unsigned valgrind;
	struct place own, caller;
	void (*run)(void *arg);
	void *arg;
	bool over;
};

static _Thread_local struct fiber *here;

struct fiber *
fiber_new(void)
{
	struct fiber *f = mem_alloc(sizeof(*f));
	int why;

	f->memory = mmap(NULL, GUARD_BYTES + STACK_BYTES,
		PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
	if (f->memory == MAP_FAILED ||
		mprotect(f->memory, GUARD_BYTES, PROT_NONE) == -1) {
		why = errno;
		if (f->memory != MAP_FAILED)
			(void)munmap(f->memory, GUARD_BYTES + STACK_BYTES);
		free(f);
		errno = why;
		return NULL;
	}
	f->own.stack = f->memory + GUARD_BYTES;
	f->own.size = STACK_BYTES;
	f->valgrind = VALGRIND_STACK_REGISTER(
		f->memory + GUARD_BYTES, f->memory + GUARD_BYTES + STACK_BYTES);
	f->over = true;
	return f;
}

void
fiber_free(struct fiber *f)
{
	if (f == NULL)
		return;
	VALGRIND_STACK_DEREGISTER(f->valgrind);
	(void)munmap(f->memory, GUARD_BYTES + STACK_BYTES);
	free(f);
}

/* It fails only where the signal mask cannot be set. */
static void
swap(ucontext_t *from, const ucontext_t *to)
{
#if HAS_ASAN
	/* Its own swapcontext() warns on stderr; these are as good. */
	volatile bool back = false;

	if (getcontext(from) == -1)
		abort();
	if (back)
		return;
	back = true;
	(void)setcontext(to);
	abort();
#else
	if (swapcontext(from, to) == -1)
		abort();
#endif
}

/* From one place to another; returns when somebody comes back. */
static void
go(struct place *from, struct place *to, bool for_good)
{
	int saved_errno = errno;

	(void)for_good;
	__sanitizer_start_switch_fiber(
		for_good ? NULL : &from->fake_stack, to->stack, to->size);
	swap(&from->context, &to->context);
	__sanitizer_finish_switch_fiber(from->fake_stack, NULL, NULL);
	errno = saved_errno;
}

static void
fiber_main(void)
{
	struct fiber *f = here;

	__sanitizer_finish_switch_fiber(
		NULL, &f->caller.stack, &f->caller.size);
	f->run(f->arg);
	f->over = true;
	go(&f->own, &f->caller, true);
}

static void
enter(struct fiber *f)
{
	struct fiber *before = here;

	here = f;
	go(&f->caller, &f->own, false);
	here = before;
}

void
fiber_start(struct fiber *f, void (*run)(void *arg), void *arg)
{
	f->run = run;
	f->arg = arg;
	f->over = false;
	if (getcontext(&f->own.context) == -1)
		abort();
	/* Of what has ended on it before, not all has returned. */
	__asan_unpoison_memory_region(f->own.stack, f->own.size);
	f->own.context.uc_stack.ss_sp = f->memory + GUARD_BYTES;
	f->own.context.uc_stack.ss_size = STACK_BYTES;
	f->own.context.uc_link = NULL;
	makecontext(&f->own.context, fiber_main, 0);
	enter(f);
}

void
fiber_resume(struct fiber *f)
{
	enter(f);
}

bool
fiber_is_over(const struct fiber *f)
{
	return f->over;
}

void
fiber_leave(void)
{
	go(&here->own, &here->caller, false);
}
