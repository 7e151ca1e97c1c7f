/* small_pack — a plan of every kind of fact, for tests and fuzz targets of src/run. */
#ifndef PINYUE_TESTS_RUN_SMALL_PACK_H
#define PINYUE_TESTS_RUN_SMALL_PACK_H

#define SMALL_PACK_VERSIONED(version)                                                                                  \
    "```plan\n"                                                                                                        \
    "plan Bonfire { version \"" version                                                                                \
    "\" document \"BF 1/2026\" title \"Bonfires\" issued 2026-01-15 zone +08:00 }\n"                                   \
    "unit 'Fire Watch' alias Watch { duty-phone \"555 0101\" } @2\n"                                                   \
    "unit Mayor @2\n"                                                                                                  \
    "unit Northtown @2\n"                                                                                              \
    "unit Southtown @2\n"                                                                                              \
    "office Warden of 'Fire Watch' @2\n"                                                                               \
    "role Town bound by 'Fire Watch' within promptly @2\n"                                                             \
    "setting promptly = 10 min because \"No number is given.\"\n"                                                      \
    "chain Upward = Warden, Mayor every 15 min because \"Nobody is named.\"\n"                                         \
    "incident Bonfire {\n"                                                                                             \
    "  fact Lit: time, never after first report \"When was it lit?\"\n"                                                \
    "  fact Hurt: count, more is worse, never falls \"How many are hurt?\"\n"                                          \
    "  fact Area: area, more is worse, observed or predicted \"How large is it?\"\n"                                   \
    "  fact Reserve: volume, less is worse \"How much water is left?\"\n"                                              \
    "  fact Level: length, from 1 m to 30 m, more is worse\n"                                                          \
    "  fact Stream: flow, more is worse\n"                                                                             \
    "  fact Spreading: flag, yes is worse \"Is it spreading?\"\n"                                                      \
    "  fact Kind: one of Bonfire, 'Wild fire', 'false|alarm', unknown as Unchecked, presumed 'Wild fire'\n"            \
    "  fact Out: flag\n"                                                                                               \
    "  derived Burning = now - Lit until Out\n"                                                                        \
    "}\n"                                                                                                              \
    "standing Season {\n"                                                                                              \
    "  fact Danger: series of Low < Middle < High, more is worse\n"                                                    \
    "}\n"                                                                                                              \
    "scale Alarm of Bonfire {\n"                                                                                       \
    "  levels Yellow < Red @3\n"                                                                                       \
    "  given Kind = 'Wild fire' @3\n"                                                                                  \
    "  proposed by 'Fire Watch' ordered by Warden @3.1\n"                                                              \
    "  decide within promptly chain Upward\n"                                                                          \
    "  ends when Out @3.4\n"                                                                                           \
    "  reopens when not Out @3.4\n"                                                                                    \
    "  Yellow when any @3.2 { Burning >= 2 h @(1) Spreading @(2) Area >= 1 ha @(3) Reserve <= 1 m3 @(4) }\n"           \
    "  Red when any @3.3 { Hurt >= 1 @(1) Area >= 10 ha @(2) Level >= 20 m and Stream >= 5 m3/s @(3) }\n"              \
    "}\n"                                                                                                              \
    "scale Warning of Season {\n"                                                                                      \
    "  levels Watch < Warn @4  ordered by Warden @4  automatic for Watch @4\n"                                         \
    "  Watch when Danger last 2 days all >= Middle @4.1\n"                                                             \
    "  Warn when Danger last 2 days all >= Middle and Danger next 1 days all >= High @4.2\n"                           \
    "}\n"                                                                                                              \
    "on open of Bonfire { duty 'Go and look' of Town, 'Fire Watch' within promptly chain Upward \"Look.\" @5 }\n"      \
    "at Alarm >= Yellow {\n"                                                                                           \
    "  duty 'Call the brigade' of 'Fire Watch' to Mayor, Town via telephone within 30 min chain Upward \"Call.\" "     \
    "@4(1)\n"                                                                                                          \
    "  forbid 'Burn more' of Town \"Nothing more is lit.\" @4(4)\n"                                                    \
    "  decision 'Close the road' of Warden within 20 min chain Upward \"Close it?\" @4(5)\n"                           \
    "}\n"                                                                                                              \
    "on done of 'Call the brigade' { duty 'Come' of recipient within promptly \"Come.\" @4(3) }\n"                     \
    "at Alarm >= Red { option 'Ask for help' of Mayor \"Ask.\" @4(2) }\n"                                              \
    "```\n"

#define SMALL_PACK SMALL_PACK_VERSIONED("1")

#endif
