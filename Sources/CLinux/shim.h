// What Linux offers and Swift's Glibc module leaves out: only the benchmark's sink needs it.
#pragma once
#include <sys/epoll.h>
#include <sys/timerfd.h>
