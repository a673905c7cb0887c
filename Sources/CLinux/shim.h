// What Linux offers and Swift's Glibc module leaves out: the HTTP transport waits with it, and the benchmark's sink.
#pragma once
#include <sys/epoll.h>
#include <sys/timerfd.h>
