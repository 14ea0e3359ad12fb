/* journal_ids.h - MESSAGE_ID of each kind of journal entry */
#ifndef COMMANDS_JOURNAL_IDS_H
#define COMMANDS_JOURNAL_IDS_H

/* The texts behind them are in systemd/certvigil.catalog. */
#define JOURNAL_OPENED_ID "633db704e6ba45f18d1c3c04b80ed9b8"
#define JOURNAL_ESCALATED_ID "e9dcb702a2cf401aa45d7d87d00b0183"
#define JOURNAL_REPEATED_ID "963a78ef42a34cc49c6dd00c585ef189"
#define JOURNAL_RESOLVED_ID "3211e1c35f6a4d1987bb94d76fa768d7"
#define JOURNAL_RENEWED_ID "934691d553ea448eb19c634cadd3e611"
#define JOURNAL_UNDELIVERED_ID "46a134eba1e14fd19bf4e622e1268038"
#define JOURNAL_SCANNED_ID "65b026213b1d45959119fe3d944ee904"
#define JOURNAL_HEARTBEAT_ID "cee643706fac462fbd084bbf9e4c1b8b"

#endif
