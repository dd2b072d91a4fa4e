#ifndef LIMITS_H
#define LIMITS_H
#define MOST 8
#endif
