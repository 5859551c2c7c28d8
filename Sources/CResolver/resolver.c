#include "CResolver.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <errno.h>
#include <netinet/in.h>
#include <resolv.h>
#include <stdlib.h>
#include <string.h>

/* RFC 1035, section 4.2.2: what the length of a message over TCP can say. */
enum { max_answer_bytes = 65535, max_question_bytes = 512 };

static int value_of(ns_msg *message, ns_rr *record, char *value) {
    const unsigned char *data = ns_rr_rdata(*record);
    switch (ns_rr_type(*record)) {
    case ns_t_a:
        return ns_rr_rdlen(*record) == 4 && inet_ntop(AF_INET, data, value, CRESOLVER_MAX_NAME_BYTES) != NULL;
    case ns_t_aaaa:
        return ns_rr_rdlen(*record) == 16 && inet_ntop(AF_INET6, data, value, CRESOLVER_MAX_NAME_BYTES) != NULL;
    case ns_t_cname:
    case ns_t_ns:
    case ns_t_soa:
        return ns_name_uncompress(
                   ns_msg_base(*message), ns_msg_end(*message), data, value, CRESOLVER_MAX_NAME_BYTES) >= 0;
    default:
        return 0;
    }
}

static enum cresolver_outcome read_records(
    const unsigned char *bytes, int count, struct cresolver_record *records, int max_records,
    struct cresolver_answer *answer) {
    ns_msg message;
    ns_rr parsed;
    if (ns_initparse(bytes, count, &message) < 0) return CRESOLVER_MALFORMED;
    answer->response_code = ns_msg_getflag(message, ns_f_rcode);
    for (int index = 0; index < ns_msg_count(message, ns_s_an); index++) {
        if (ns_parserr(&message, ns_s_an, index, &parsed) < 0) return CRESOLVER_MALFORMED;
        if (answer->count == max_records) {
            answer->is_cut = 1;
            break;
        }
        struct cresolver_record *record = &records[answer->count];
        if (!value_of(&message, &parsed, record->value)) continue;
        record->type = ns_rr_type(parsed);
        record->time_to_live_seconds = ns_rr_ttl(parsed);
        strncpy(record->name, ns_rr_name(parsed), CRESOLVER_MAX_NAME_BYTES - 1);
        record->name[CRESOLVER_MAX_NAME_BYTES - 1] = 0;
        answer->count++;
    }
    return CRESOLVER_ANSWERED;
}

/* An answer that says that the server cannot help makes the resolver go on to the next one, and in the end give up
   without a word of it. The last one is still in the buffer. */
static int is_answer(const unsigned char *question, const unsigned char *bytes) {
    return memcmp(question, bytes, 2) == 0 && (bytes[2] & 0x80) != 0;
}

static enum cresolver_outcome send_question(
    struct __res_state *state, const char *name, int type, unsigned char *bytes, struct cresolver_record *records,
    int max_records, struct cresolver_answer *answer) {
    unsigned char question[max_question_bytes];
    int length = res_nmkquery(state, ns_o_query, name, ns_c_in, type, NULL, 0, NULL, question, sizeof question);
    if (length < 0) return CRESOLVER_INVALID_NAME;
    errno = 0;
    int count = res_nsend(state, question, length, bytes, max_answer_bytes);
    if (count >= NS_HFIXEDSZ) return read_records(bytes, count, records, max_records, answer);
    if (count >= 0) return CRESOLVER_MALFORMED;
    if (is_answer(question, bytes)) {
        answer->response_code = bytes[3] & 0x0f;
        return answer->response_code == ns_r_noerror ? CRESOLVER_MALFORMED : CRESOLVER_ANSWERED;
    }
    return errno == ETIMEDOUT ? CRESOLVER_TIMED_OUT : CRESOLVER_UNREACHABLE;
}

enum cresolver_outcome cresolver_query(
    const char *server, unsigned short port, const char *name, int type, int try_seconds, int tries,
    struct cresolver_record *records, int max_records, struct cresolver_answer *answer) {
    struct __res_state state;
    memset(&state, 0, sizeof state);
    memset(answer, 0, sizeof *answer);
    if (res_ninit(&state) != 0) return CRESOLVER_UNUSABLE;
    enum cresolver_outcome outcome = CRESOLVER_UNUSABLE;
    unsigned char *bytes = calloc(1, max_answer_bytes);
    if (bytes == NULL) goto end;
    state.retrans = try_seconds;
    state.retry = tries;
    if (server != NULL) {
        state.nscount = 1;
        memset(&state.nsaddr_list[0], 0, sizeof state.nsaddr_list[0]);
        state.nsaddr_list[0].sin_family = AF_INET;
        state.nsaddr_list[0].sin_port = htons(port);
        if (inet_pton(AF_INET, server, &state.nsaddr_list[0].sin_addr) != 1) goto end;
    }
    outcome = send_question(&state, name, type, bytes, records, max_records, answer);
end:
    free(bytes);
    res_nclose(&state);
    return outcome;
}
