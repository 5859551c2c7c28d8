#ifndef CRESOLVER_H
#define CRESOLVER_H

/* glibc's stub resolver (resolver(3)) behind one call: `struct __res_state` is full of unions and bit fields, which
   Swift cannot see, and its functions read some of them by macros. */

/* RFC 1035, section 2.3.4, with every octet of a name escaped, and a zero at its end. */
#define CRESOLVER_MAX_NAME_BYTES 1026

struct cresolver_record {
    int type;
    unsigned time_to_live_seconds;
    char name[CRESOLVER_MAX_NAME_BYTES];
    /* An address, or a name: of a CNAME, of a name server, of a zone's primary server. */
    char value[CRESOLVER_MAX_NAME_BYTES];
};

enum cresolver_outcome {
    /* A server answered: look at `response_code`. */
    CRESOLVER_ANSWERED,
    CRESOLVER_TIMED_OUT,
    /* No server is there, or none can be reached. */
    CRESOLVER_UNREACHABLE,
    CRESOLVER_INVALID_NAME,
    CRESOLVER_MALFORMED,
    /* The resolver itself cannot be used: /etc/resolv.conf, memory. */
    CRESOLVER_UNUSABLE,
};

struct cresolver_answer {
    /* RFC 1035, section 4.1.1: RCODE. */
    int response_code;
    int count;
    /* There were more than fit. */
    int is_cut;
};

/* Asks for the records of class IN of a fully qualified name, and blocks until the answer is there. Answers that were
   cut for UDP are asked for again over TCP.

   server: an IPv4 address to ask instead of the servers of /etc/resolv.conf; NULL for those.
   try_seconds: how long one server is waited for the first time; doubled each time after.
   records: the answer section's A, AAAA, CNAME, NS and SOA records, in its order. */
enum cresolver_outcome cresolver_query(
    const char *server, unsigned short port, const char *name, int type, int try_seconds, int tries,
    struct cresolver_record *records, int max_records, struct cresolver_answer *answer);

#endif
