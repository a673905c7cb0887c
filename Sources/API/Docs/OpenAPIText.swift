// The document as text in a string: as a resource it would be an array of 200,000 numbers, which takes the compiler half a
// minute. Every line between the quotes is JSON as it is served.
// swift-format-ignore-file

extension OpenAPI {
    static let text = #"""
{
  "openapi": "3.1.0",
  "info": {
    "title": "Vestnik API",
    "version": "1",
    "summary": "Шлюз уведомлений для жилищных компаний. · A notification gateway for housing companies.",
    "description": "Ключ: `Authorization: Bearer vk_…`. Тела — JSON в UTF-8, строго: неизвестное поле — ошибка. Ошибки — RFC 9457, код — в `code`, страница — `/docs/errors/{code}`. Списки: `limit`, `after`, `next`. Телефоны E.164, деньги строкой, время RFC 3339.\n\nKey: `Authorization: Bearer vk_…`. Bodies are JSON in UTF-8, read strictly: an unknown field is an error. Errors follow RFC 9457, the code stands in `code`, its page is `/docs/errors/{code}`. Lists: `limit`, `after`, `next`. Phones E.164, money as text, times RFC 3339.",
    "license": {"name": "См. LICENSE · See LICENSE", "identifier": "Apache-2.0"}
  },
  "servers": [{"url": "/"}],
  "tags": [
    {"name": "Messages", "description": "Сообщения · Messages"},
    {"name": "Recipients", "description": "Получатели · Recipients"},
    {"name": "Consents", "description": "Согласия · Consents"},
    {"name": "Suppressions", "description": "Стоп-лист · Suppressions"},
    {"name": "Facts", "description": "Остатки счетов · Facts of accounts"},
    {"name": "Templates", "description": "Шаблоны · Templates"},
    {"name": "Events", "description": "События · Events"},
    {"name": "Webhooks", "description": "Вебхуки · Webhooks"},
    {"name": "Ops", "description": "Эксплуатация · Operations"},
    {"name": "Journal", "description": "Журнал · Journal"},
    {"name": "System", "description": "Система · System"}
  ],
  "paths": {
    "/v1/messages": {
      "post": {
        "operationId": "sendMessage",
        "tags": ["Messages"],
        "summary": "Принять сообщение",
        "x-summary-en": "Accept one message",
        "description": "202 — только когда сообщение записано на диск. suppressed уже при приёме — тоже 202, с причиной. С dry_run ничего не хранится: те же правила и тексты, ответ 200.\n\n202 only once the message is on disk. suppressed at accept is 202 too, with its reason. With dry_run nothing is stored: the same rules and texts, answered with 200.",
        "security": [{"key": []}],
        "x-scope": "messages:write",
        "x-body-limit": 262144,
        "parameters": [
          {"$ref": "#/components/parameters/IdempotencyKey"},
          {"$ref": "#/components/parameters/DryRun"},
          {"$ref": "#/components/parameters/AcceptLanguage"}
        ],
        "requestBody": {
          "required": true,
          "content": {
            "application/json": {
              "schema": {"$ref": "#/components/schemas/MessageRequest"},
              "examples": {
                "reminder": {
                  "summary": "Напоминание об оплате жильцу из книги",
                  "value": {
                    "purpose": "payment_reminder",
                    "template": "payment-reminder",
                    "to": {"recipient": "ls:0045-12"},
                    "variables": {"amount": "3250.50", "due": "2026-12-15", "period": "2026-11"},
                    "channels": ["max", "email", "sms"],
                    "fallback": {"after": "2h", "if": "not_delivered"},
                    "locale": "ru",
                    "send_at": "2026-11-25T10:00:00+03:00",
                    "expires_at": "2026-12-15T21:00:00+03:00",
                    "priority": "normal",
                    "supersedes": "reminder:0045-12:2026-11",
                    "condition": {"account": "0045-12", "if": "balance > 0"},
                    "reference": "1C-000123"
                  }
                },
                "outage": {
                  "summary": "Авария: сразу на телефон",
                  "value": {
                    "template": "outage-emergency",
                    "to": {"sms": "8 (900) 123-45-67"},
                    "variables": {"what": "нет холодной воды", "where": "ул. Ленина, 12", "since": "2026-11-24T10:15"}
                  }
                }
              }
            }
          }
        },
        "responses": {
          "200": {
            "description": "dry_run: что было бы. · dry_run: what would happen.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/json": {
                "schema": {"$ref": "#/components/schemas/DryRun"},
                "example": {
                  "dry_run": true,
                  "status": "queued",
                  "due_at": "2026-11-25T07:00:00Z",
                  "held_reason": "send_at",
                  "purpose": "payment_reminder",
                  "template": {"id": "payment-reminder", "version": "sha256:3b1c…"},
                  "plan": [
                    {"channel": "max", "provider": "max-main"},
                    {"channel": "email", "provider": "mail"},
                    {"channel": "sms", "provider": "sms-a"}
                  ],
                  "explanation": [{"rule": "basis", "result": "contract: no consent needed"}],
                  "texts": [
                    {
                      "channel": "sms",
                      "text": "За ноябрь 2026: 3 250,50 ₽ до 15 декабря.",
                      "encoding": "ucs2",
                      "parts": 1
                    }
                  ]
                }
              }
            }
          },
          "202": {
            "description": "Принято. · Accepted.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"},
              "Idempotent-Replayed": {"$ref": "#/components/headers/IdempotentReplayed"}
            },
            "content": {
              "application/json": {
                "schema": {"$ref": "#/components/schemas/Accepted"},
                "example": {
                  "id": "msg_05R8Z6K3M0W00",
                  "status": "queued",
                  "due_at": "2026-11-25T07:00:00Z",
                  "held_reason": "send_at",
                  "purpose": "payment_reminder",
                  "template": {"id": "payment-reminder", "version": "sha256:3b1c…"},
                  "plan": [
                    {"channel": "max", "provider": "max-main"},
                    {"channel": "email", "provider": "mail"},
                    {"channel": "sms", "provider": "sms-a"}
                  ],
                  "accepted_at": "2026-11-24T08:12:40Z",
                  "expires_at": "2026-12-15T18:00:00Z",
                  "reference": "1C-000123",
                  "links": {
                    "self": "/v1/messages/msg_05R8Z6K3M0W00",
                    "timeline": "/v1/messages/msg_05R8Z6K3M0W00/timeline",
                    "cancel": "/v1/messages/msg_05R8Z6K3M0W00/cancel"
                  }
                }
              }
            }
          },
          "400": {
            "description": "Запрос не читается. · The request cannot be read.",
            "x-codes": ["invalid_json", "unknown_field", "idempotency_key_missing", "invalid_value"],
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/problem+json": {
                "schema": {
                  "allOf": [
                    {"$ref": "#/components/schemas/Problem"},
                    {
                      "properties": {
                        "status": {"const": 400},
                        "code": {"enum": ["invalid_json", "unknown_field", "idempotency_key_missing", "invalid_value"]}
                      }
                    }
                  ]
                },
                "examples": {
                  "invalid_json": {"$ref": "#/components/examples/invalid_json"},
                  "unknown_field": {"$ref": "#/components/examples/unknown_field"},
                  "idempotency_key_missing": {"$ref": "#/components/examples/idempotency_key_missing"},
                  "invalid_value": {"$ref": "#/components/examples/invalid_value_400"}
                }
              }
            }
          },
          "401": {"$ref": "#/components/responses/Unauthorized"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "408": {"$ref": "#/components/responses/Slow"},
          "409": {
            "description": "Сейчас это невозможно. · Not possible now.",
            "x-codes": ["idempotency_in_progress"],
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"},
              "Retry-After": {"$ref": "#/components/headers/RetryAfter"}
            },
            "content": {
              "application/problem+json": {
                "schema": {
                  "allOf": [
                    {"$ref": "#/components/schemas/Problem"},
                    {"properties": {"status": {"const": 409}, "code": {"enum": ["idempotency_in_progress"]}}}
                  ]
                },
                "examples": {"idempotency_in_progress": {"$ref": "#/components/examples/idempotency_in_progress"}}
              }
            }
          },
          "413": {"$ref": "#/components/responses/TooLarge"},
          "415": {"$ref": "#/components/responses/WrongType"},
          "422": {
            "description": "Запрос понятен, но выполнить его нельзя; в errors всё, что не так. · Understood, and cannot be done; errors lists everything that is wrong.",
            "x-codes": [
              "required",
              "invalid_phone",
              "invalid_email",
              "invalid_value",
              "unknown_template",
              "missing_variable",
              "text_too_long",
              "unknown_purpose",
              "unknown_recipient",
              "expired_already",
              "idempotency_key_reused"
            ],
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/problem+json": {
                "schema": {
                  "allOf": [
                    {"$ref": "#/components/schemas/Problem"},
                    {
                      "properties": {
                        "status": {"const": 422},
                        "code": {
                          "enum": [
                            "required",
                            "invalid_phone",
                            "invalid_email",
                            "invalid_value",
                            "unknown_template",
                            "missing_variable",
                            "text_too_long",
                            "unknown_purpose",
                            "unknown_recipient",
                            "expired_already",
                            "idempotency_key_reused"
                          ]
                        }
                      }
                    }
                  ]
                },
                "examples": {
                  "required": {"$ref": "#/components/examples/required"},
                  "invalid_phone": {"$ref": "#/components/examples/invalid_phone"},
                  "invalid_email": {"$ref": "#/components/examples/invalid_email"},
                  "invalid_value": {"$ref": "#/components/examples/invalid_value"},
                  "unknown_template": {"$ref": "#/components/examples/unknown_template"},
                  "missing_variable": {"$ref": "#/components/examples/missing_variable"},
                  "text_too_long": {"$ref": "#/components/examples/text_too_long"},
                  "unknown_purpose": {"$ref": "#/components/examples/unknown_purpose"},
                  "unknown_recipient": {"$ref": "#/components/examples/unknown_recipient"},
                  "expired_already": {"$ref": "#/components/examples/expired_already"},
                  "idempotency_key_reused": {"$ref": "#/components/examples/idempotency_key_reused"}
                }
              }
            }
          },
          "429": {"$ref": "#/components/responses/TooMany"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"},
          "503": {"$ref": "#/components/responses/Full"}
        }
      },
      "get": {
        "operationId": "listMessages",
        "tags": ["Messages"],
        "summary": "Список своих сообщений",
        "x-summary-en": "List your messages",
        "description": "Новые первыми, без общего числа. Адреса ищут в POST /v1/messages/search.\n\nNewest first, no totals. Addresses are searched for in POST /v1/messages/search.",
        "security": [{"key": []}],
        "x-scope": "messages:read",
        "parameters": [
          {
            "name": "status",
            "in": "query",
            "description": "Состояние. · State.",
            "schema": {"$ref": "#/components/schemas/Status"},
            "example": "failed"
          },
          {
            "name": "purpose",
            "in": "query",
            "description": "Цель. · Purpose.",
            "schema": {"type": "string", "pattern": "^[a-z0-9_]{1,64}$"},
            "example": "payment_reminder"
          },
          {
            "name": "channel",
            "in": "query",
            "description": "Канал. · Channel.",
            "schema": {"$ref": "#/components/schemas/Channel"},
            "example": "sms"
          },
          {
            "name": "recipient",
            "in": "query",
            "description": "Получатель. · Recipient.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 128},
            "example": "ls:0045-12"
          },
          {
            "name": "reference",
            "in": "query",
            "description": "Ваш номер. · Your own number.",
            "schema": {"type": "string"},
            "example": "1C-000123"
          },
          {"$ref": "#/components/parameters/Limit"},
          {"$ref": "#/components/parameters/After"},
          {"$ref": "#/components/parameters/AcceptLanguage"}
        ],
        "responses": {
          "200": {
            "description": "Страница. · A page.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/json": {
                "schema": {
                  "type": "object",
                  "required": ["data", "next"],
                  "properties": {
                    "data": {"type": "array", "items": {"$ref": "#/components/schemas/Message"}},
                    "next": {"$ref": "#/components/schemas/Cursor"}
                  }
                },
                "example": {
                  "data": [
                    {
                      "id": "msg_05R8Z6K3M0W00",
                      "status": "sent",
                      "due_at": "2026-11-24T10:12:41Z",
                      "held_reason": "awaiting_report",
                      "purpose": "payment_reminder",
                      "template": {"id": "payment-reminder", "version": "sha256:3b1c…"},
                      "recipient": "ls:0045-12",
                      "to": {"channel": "sms", "address": "+7···4567"},
                      "channel": "sms",
                      "provider": "sms-a",
                      "priority": "normal",
                      "locale": "ru",
                      "accepted_at": "2026-11-24T08:12:40Z",
                      "expires_at": "2026-12-15T18:00:00Z",
                      "reference": "1C-000123",
                      "attempts": [
                        {
                          "number": 1,
                          "provider": "sms-a",
                          "channel": "sms",
                          "address": "+7···4567",
                          "began_at": "2026-11-24T08:12:41Z",
                          "ended_at": "2026-11-24T08:12:41Z",
                          "outcome": "accepted",
                          "provider_message_id": "77",
                          "parts": 2
                        }
                      ],
                      "links": {
                        "self": "/v1/messages/msg_05R8Z6K3M0W00",
                        "timeline": "/v1/messages/msg_05R8Z6K3M0W00/timeline",
                        "cancel": "/v1/messages/msg_05R8Z6K3M0W00/cancel"
                      }
                    }
                  ],
                  "next": "msg_05R8Z6K3M0W00"
                }
              }
            }
          },
          "400": {"$ref": "#/components/responses/BadQuery"},
          "401": {"$ref": "#/components/responses/Unauthorized"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "429": {"$ref": "#/components/responses/TooMany"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/v1/messages/batch": {
      "post": {
        "operationId": "sendBatch",
        "tags": ["Messages"],
        "summary": "Принять пакет",
        "x-summary-en": "Accept a batch",
        "description": "До 10 000 сообщений или 16 МиБ. JSON с items и defaults или NDJSON: строка — сообщение; строки принимаются по мере чтения. У каждого сообщения свой ответ на своём месте; плохое не мешает другим. atomic: все или ни одного (422, и errors говорит, какие плохи). Если не принято ни одно — тоже 422.\n\nUp to 10,000 messages or 16 MiB. JSON with items and defaults, or NDJSON: one message a line, taken as they come. Each has its own answer in its place; a bad one does not hinder the others. atomic: all or none (422, errors tells which are bad). Where none was taken: 422 as well.",
        "security": [{"key": []}],
        "x-scope": "messages:write",
        "x-body-limit": 16777216,
        "parameters": [
          {"$ref": "#/components/parameters/IdempotencyKey"},
          {
            "name": "atomic",
            "in": "query",
            "description": "Все или ни одного. · All or none.",
            "schema": {"type": "boolean"},
            "example": false
          },
          {"$ref": "#/components/parameters/DryRun"},
          {"$ref": "#/components/parameters/AcceptLanguage"}
        ],
        "requestBody": {
          "required": true,
          "content": {
            "application/json": {
              "schema": {"$ref": "#/components/schemas/BatchRequest"},
              "example": {
                "defaults": {
                  "template": "payment-reminder",
                  "variables": {"amount": "3250.50", "due": "2026-12-15", "period": "2026-11"}
                },
                "items": [
                  {"to": {"recipient": "ls:0045-12"}, "idempotency_key": "2026-11-0045-12"},
                  {"to": {"recipient": "ls:0046-03"}, "idempotency_key": "2026-11-0046-03"}
                ]
              }
            },
            "application/x-ndjson": {
              "schema": {"type": "string", "description": "По строке MessageRequest. · One MessageRequest a line."},
              "example": "{\"template\": \"outage-emergency\", \"to\": {\"sms\": \"8 (900) 123-45-67\"}, \"variables\": {\"what\": \"нет холодной воды\", \"where\": \"ул. Ленина, 12\", \"since\": \"2026-11-24T10:15\"}, \"idempotency_key\": \"outage-17-1\"}\n"
            }
          }
        },
        "responses": {
          "202": {
            "description": "Принято хотя бы одно. · At least one was taken.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"},
              "X-Accepted": {"$ref": "#/components/headers/Count"},
              "X-Refused": {"$ref": "#/components/headers/Count"}
            },
            "content": {
              "application/json": {
                "schema": {"$ref": "#/components/schemas/BatchAnswer"},
                "example": {
                  "accepted": 1,
                  "refused": 1,
                  "data": [
                    {"index": 0, "id": "msg_05R8Z6K3M0W00", "status": "queued"},
                    {
                      "index": 1,
                      "problem": {
                        "type": "/docs/errors/missing_variable",
                        "title": "В шаблоне не хватает данных",
                        "status": 422,
                        "code": "missing_variable",
                        "detail": "нужна переменная amount",
                        "instance": "urn:request:req_05R8Z6K3M0W00",
                        "errors": [
                          {
                            "pointer": "/variables/amount",
                            "code": "missing_variable",
                            "detail": "нужна переменная amount"
                          }
                        ],
                        "retryable": false,
                        "request_id": "req_05R8Z6K3M0W00"
                      }
                    }
                  ]
                }
              },
              "application/x-ndjson": {
                "schema": {"type": "string", "description": "По строке BatchItem. · One BatchItem a line."},
                "example": "{\"index\":0,\"id\":\"msg_05R8Z6K3M0W00\",\"status\":\"queued\"}\n"
              }
            }
          },
          "400": {"$ref": "#/components/responses/BadBody"},
          "401": {"$ref": "#/components/responses/Unauthorized"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "408": {"$ref": "#/components/responses/Slow"},
          "413": {"$ref": "#/components/responses/TooLarge"},
          "415": {"$ref": "#/components/responses/WrongType"},
          "422": {
            "description": "Запрос понятен, но выполнить его нельзя; в errors всё, что не так. · Understood, and cannot be done; errors lists everything that is wrong.",
            "x-codes": [
              "invalid_json",
              "unknown_field",
              "required",
              "invalid_phone",
              "invalid_email",
              "invalid_value",
              "unknown_template",
              "missing_variable",
              "text_too_long",
              "unknown_purpose",
              "unknown_recipient",
              "expired_already",
              "idempotency_key_reused"
            ],
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/problem+json": {
                "schema": {
                  "allOf": [
                    {"$ref": "#/components/schemas/Problem"},
                    {
                      "properties": {
                        "status": {"const": 422},
                        "code": {
                          "enum": [
                            "invalid_json",
                            "unknown_field",
                            "required",
                            "invalid_phone",
                            "invalid_email",
                            "invalid_value",
                            "unknown_template",
                            "missing_variable",
                            "text_too_long",
                            "unknown_purpose",
                            "unknown_recipient",
                            "expired_already",
                            "idempotency_key_reused"
                          ]
                        }
                      }
                    }
                  ]
                },
                "examples": {
                  "invalid_json": {"$ref": "#/components/examples/invalid_json_422"},
                  "unknown_field": {"$ref": "#/components/examples/unknown_field_422"},
                  "required": {"$ref": "#/components/examples/required"},
                  "invalid_phone": {"$ref": "#/components/examples/invalid_phone"},
                  "invalid_email": {"$ref": "#/components/examples/invalid_email"},
                  "invalid_value": {"$ref": "#/components/examples/invalid_value"},
                  "unknown_template": {"$ref": "#/components/examples/unknown_template"},
                  "missing_variable": {"$ref": "#/components/examples/missing_variable"},
                  "text_too_long": {"$ref": "#/components/examples/text_too_long"},
                  "unknown_purpose": {"$ref": "#/components/examples/unknown_purpose"},
                  "unknown_recipient": {"$ref": "#/components/examples/unknown_recipient"},
                  "expired_already": {"$ref": "#/components/examples/expired_already"},
                  "idempotency_key_reused": {"$ref": "#/components/examples/idempotency_key_reused"}
                }
              }
            }
          },
          "429": {"$ref": "#/components/responses/TooMany"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"},
          "503": {"$ref": "#/components/responses/Full"}
        }
      }
    },
    "/v1/messages/search": {
      "post": {
        "operationId": "searchMessages",
        "tags": ["Messages"],
        "summary": "Найти сообщения, и по адресу тоже",
        "x-summary-en": "Find messages, by address too",
        "description": "Телефон и почта стоят в теле, а не в URL: URL записывают в журналы по дороге.\n\nPhones and mail addresses stand in the body: URLs are written into logs on their way.",
        "security": [{"key": []}],
        "x-scope": "messages:read",
        "x-body-limit": 65536,
        "parameters": [{"$ref": "#/components/parameters/AcceptLanguage"}],
        "requestBody": {
          "required": true,
          "content": {
            "application/json": {
              "schema": {"$ref": "#/components/schemas/SearchRequest"},
              "example": {"to": {"sms": "+79001234567"}, "status": ["failed", "unconfirmed"], "limit": 50}
            }
          }
        },
        "responses": {
          "200": {
            "description": "Страница. · A page.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/json": {
                "schema": {
                  "type": "object",
                  "required": ["data", "next"],
                  "properties": {
                    "data": {"type": "array", "items": {"$ref": "#/components/schemas/Message"}},
                    "next": {"$ref": "#/components/schemas/Cursor"}
                  }
                },
                "example": {
                  "data": [
                    {
                      "id": "msg_05R8Z6K3M0W00",
                      "status": "sent",
                      "due_at": "2026-11-24T10:12:41Z",
                      "held_reason": "awaiting_report",
                      "purpose": "payment_reminder",
                      "template": {"id": "payment-reminder", "version": "sha256:3b1c…"},
                      "recipient": "ls:0045-12",
                      "to": {"channel": "sms", "address": "+7···4567"},
                      "channel": "sms",
                      "provider": "sms-a",
                      "priority": "normal",
                      "locale": "ru",
                      "accepted_at": "2026-11-24T08:12:40Z",
                      "expires_at": "2026-12-15T18:00:00Z",
                      "reference": "1C-000123",
                      "attempts": [
                        {
                          "number": 1,
                          "provider": "sms-a",
                          "channel": "sms",
                          "address": "+7···4567",
                          "began_at": "2026-11-24T08:12:41Z",
                          "ended_at": "2026-11-24T08:12:41Z",
                          "outcome": "accepted",
                          "provider_message_id": "77",
                          "parts": 2
                        }
                      ],
                      "links": {
                        "self": "/v1/messages/msg_05R8Z6K3M0W00",
                        "timeline": "/v1/messages/msg_05R8Z6K3M0W00/timeline",
                        "cancel": "/v1/messages/msg_05R8Z6K3M0W00/cancel"
                      }
                    }
                  ],
                  "next": null
                }
              }
            }
          },
          "400": {"$ref": "#/components/responses/BadBody"},
          "401": {"$ref": "#/components/responses/Unauthorized"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "408": {"$ref": "#/components/responses/Slow"},
          "413": {"$ref": "#/components/responses/TooLarge"},
          "415": {"$ref": "#/components/responses/WrongType"},
          "422": {
            "description": "Запрос понятен, но выполнить его нельзя; в errors всё, что не так. · Understood, and cannot be done; errors lists everything that is wrong.",
            "x-codes": ["required", "invalid_phone", "invalid_email", "invalid_value", "unknown_purpose"],
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/problem+json": {
                "schema": {
                  "allOf": [
                    {"$ref": "#/components/schemas/Problem"},
                    {
                      "properties": {
                        "status": {"const": 422},
                        "code": {
                          "enum": ["required", "invalid_phone", "invalid_email", "invalid_value", "unknown_purpose"]
                        }
                      }
                    }
                  ]
                },
                "examples": {
                  "required": {"$ref": "#/components/examples/required"},
                  "invalid_phone": {"$ref": "#/components/examples/invalid_phone"},
                  "invalid_email": {"$ref": "#/components/examples/invalid_email"},
                  "invalid_value": {"$ref": "#/components/examples/invalid_value"},
                  "unknown_purpose": {"$ref": "#/components/examples/unknown_purpose"}
                }
              }
            }
          },
          "429": {"$ref": "#/components/responses/TooMany"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/v1/messages/{id}": {
      "get": {
        "operationId": "getMessage",
        "tags": ["Messages"],
        "summary": "Одно сообщение",
        "x-summary-en": "One message",
        "description": "Состояние, попытки, причины. Чужое — 404.\n\nState, attempts, reasons. Somebody else's is a 404.",
        "security": [{"key": []}],
        "x-scope": "messages:read",
        "parameters": [
          {"$ref": "#/components/parameters/MessageId"},
          {"$ref": "#/components/parameters/AcceptLanguage"}
        ],
        "responses": {
          "200": {
            "description": "Сообщение. · The message.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/json": {
                "schema": {"$ref": "#/components/schemas/Message"},
                "example": {
                  "id": "msg_05R8Z6K3M0W00",
                  "status": "sent",
                  "due_at": "2026-11-24T10:12:41Z",
                  "held_reason": "awaiting_report",
                  "purpose": "payment_reminder",
                  "template": {"id": "payment-reminder", "version": "sha256:3b1c…"},
                  "recipient": "ls:0045-12",
                  "to": {"channel": "sms", "address": "+7···4567"},
                  "channel": "sms",
                  "provider": "sms-a",
                  "priority": "normal",
                  "locale": "ru",
                  "accepted_at": "2026-11-24T08:12:40Z",
                  "expires_at": "2026-12-15T18:00:00Z",
                  "reference": "1C-000123",
                  "attempts": [
                    {
                      "number": 1,
                      "provider": "sms-a",
                      "channel": "sms",
                      "address": "+7···4567",
                      "began_at": "2026-11-24T08:12:41Z",
                      "ended_at": "2026-11-24T08:12:41Z",
                      "outcome": "accepted",
                      "provider_message_id": "77",
                      "parts": 2
                    }
                  ],
                  "links": {
                    "self": "/v1/messages/msg_05R8Z6K3M0W00",
                    "timeline": "/v1/messages/msg_05R8Z6K3M0W00/timeline",
                    "cancel": "/v1/messages/msg_05R8Z6K3M0W00/cancel"
                  }
                }
              }
            }
          },
          "400": {"$ref": "#/components/responses/BadQuery"},
          "401": {"$ref": "#/components/responses/Unauthorized"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "404": {"$ref": "#/components/responses/NotFound"},
          "429": {"$ref": "#/components/responses/TooMany"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/v1/messages/{id}/timeline": {
      "get": {
        "operationId": "getTimeline",
        "tags": ["Messages"],
        "summary": "Что было с сообщением",
        "x-summary-en": "What happened to a message",
        "description": "Строки журнала, старые первыми.\n\nLines of the journal, oldest first.",
        "security": [{"key": []}],
        "x-scope": "messages:read",
        "parameters": [
          {"$ref": "#/components/parameters/MessageId"},
          {"$ref": "#/components/parameters/AcceptLanguage"}
        ],
        "responses": {
          "200": {
            "description": "Строки. · Lines.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/json": {
                "schema": {
                  "type": "object",
                  "required": ["data", "next"],
                  "properties": {
                    "data": {"type": "array", "items": {"$ref": "#/components/schemas/TimelineEntry"}},
                    "next": {"$ref": "#/components/schemas/Cursor"}
                  }
                },
                "example": {
                  "data": [
                    {
                      "sequence": 120,
                      "at": "2026-11-24T08:12:40Z",
                      "event": "queued",
                      "state": "queued",
                      "by": "client:billing",
                      "facts": [{"name": "purpose", "value": "payment_reminder"}]
                    }
                  ],
                  "next": null
                }
              }
            }
          },
          "400": {"$ref": "#/components/responses/BadQuery"},
          "401": {"$ref": "#/components/responses/Unauthorized"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "404": {"$ref": "#/components/responses/NotFound"},
          "429": {"$ref": "#/components/responses/TooMany"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/v1/messages/{id}/cancel": {
      "post": {
        "operationId": "cancelMessage",
        "tags": ["Messages"],
        "summary": "Отменить, пока в очереди",
        "x-summary-en": "Cancel while it is queued",
        "description": "Начатое не отозвать.\n\nWhat has begun cannot be taken back.",
        "security": [{"key": []}],
        "x-scope": "messages:write",
        "parameters": [
          {"$ref": "#/components/parameters/MessageId"},
          {"$ref": "#/components/parameters/AcceptLanguage"}
        ],
        "responses": {
          "200": {
            "description": "Отменено. · Cancelled.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/json": {
                "schema": {"$ref": "#/components/schemas/Message"},
                "example": {
                  "id": "msg_05R8Z6K3M0W00",
                  "status": "cancelled",
                  "due_at": "2026-11-24T10:12:41Z",
                  "held_reason": "awaiting_report",
                  "purpose": "payment_reminder",
                  "template": {"id": "payment-reminder", "version": "sha256:3b1c…"},
                  "recipient": "ls:0045-12",
                  "to": {"channel": "sms", "address": "+7···4567"},
                  "channel": "sms",
                  "provider": "sms-a",
                  "priority": "normal",
                  "locale": "ru",
                  "accepted_at": "2026-11-24T08:12:40Z",
                  "expires_at": "2026-12-15T18:00:00Z",
                  "reference": "1C-000123",
                  "attempts": [],
                  "links": {
                    "self": "/v1/messages/msg_05R8Z6K3M0W00",
                    "timeline": "/v1/messages/msg_05R8Z6K3M0W00/timeline",
                    "cancel": "/v1/messages/msg_05R8Z6K3M0W00/cancel"
                  }
                }
              }
            }
          },
          "400": {"$ref": "#/components/responses/BadQuery"},
          "401": {"$ref": "#/components/responses/Unauthorized"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "404": {"$ref": "#/components/responses/NotFound"},
          "409": {
            "description": "Сейчас это невозможно. · Not possible now.",
            "x-codes": ["already_sending", "not_cancellable"],
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/problem+json": {
                "schema": {
                  "allOf": [
                    {"$ref": "#/components/schemas/Problem"},
                    {
                      "properties": {
                        "status": {"const": 409},
                        "code": {"enum": ["already_sending", "not_cancellable"]}
                      }
                    }
                  ]
                },
                "examples": {
                  "already_sending": {"$ref": "#/components/examples/already_sending"},
                  "not_cancellable": {"$ref": "#/components/examples/not_cancellable"}
                }
              }
            }
          },
          "429": {"$ref": "#/components/responses/TooMany"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/v1/messages/{id}/retry": {
      "post": {
        "operationId": "retryMessage",
        "tags": ["Messages"],
        "summary": "Отправить снова",
        "x-summary-en": "Send again",
        "description": "Окончательное остаётся как было: это новое сообщение с retry_of. Если неизвестно, дошло ли первое, нужно even_unconfirmed=true: житель может получить два.\n\nA final state stays: this is a new message with retry_of. Where nobody knows whether the first one arrived, even_unconfirmed=true is needed: the resident may get two.",
        "security": [{"key": []}],
        "x-scope": "messages:write",
        "parameters": [
          {"$ref": "#/components/parameters/MessageId"},
          {
            "name": "even_unconfirmed",
            "in": "query",
            "description": "И там, где первое могло дойти. · Also where the first may have arrived.",
            "schema": {"type": "boolean"},
            "example": false
          },
          {"$ref": "#/components/parameters/AcceptLanguage"}
        ],
        "responses": {
          "202": {
            "description": "Новое сообщение. · The new message.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/json": {
                "schema": {"$ref": "#/components/schemas/Retried"},
                "example": {
                  "id": "msg_05R8Z6K3M0W01",
                  "status": "queued",
                  "retry_of": "msg_05R8Z6K3M0W00",
                  "links": {
                    "self": "/v1/messages/msg_05R8Z6K3M0W00",
                    "timeline": "/v1/messages/msg_05R8Z6K3M0W00/timeline",
                    "cancel": "/v1/messages/msg_05R8Z6K3M0W00/cancel"
                  }
                }
              }
            }
          },
          "400": {"$ref": "#/components/responses/BadQuery"},
          "401": {"$ref": "#/components/responses/Unauthorized"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "404": {"$ref": "#/components/responses/NotFound"},
          "409": {
            "description": "Сейчас это невозможно. · Not possible now.",
            "x-codes": ["already_sending"],
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/problem+json": {
                "schema": {
                  "allOf": [
                    {"$ref": "#/components/schemas/Problem"},
                    {"properties": {"status": {"const": 409}, "code": {"enum": ["already_sending"]}}}
                  ]
                },
                "examples": {"already_sending": {"$ref": "#/components/examples/already_sending"}}
              }
            }
          },
          "422": {
            "description": "Запрос понятен, но выполнить его нельзя; в errors всё, что не так. · Understood, and cannot be done; errors lists everything that is wrong.",
            "x-codes": ["unknown_purpose"],
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/problem+json": {
                "schema": {
                  "allOf": [
                    {"$ref": "#/components/schemas/Problem"},
                    {"properties": {"status": {"const": 422}, "code": {"enum": ["unknown_purpose"]}}}
                  ]
                },
                "examples": {"unknown_purpose": {"$ref": "#/components/examples/unknown_purpose"}}
              }
            }
          },
          "429": {"$ref": "#/components/responses/TooMany"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"},
          "503": {"$ref": "#/components/responses/Full"}
        }
      }
    },
    "/v1/recipients/{external_id}": {
      "put": {
        "operationId": "putRecipient",
        "tags": ["Recipients"],
        "summary": "Записать получателя",
        "x-summary-en": "Write a recipient",
        "description": "Заменяет всё, что было.\n\nReplaces all there was.",
        "security": [{"key": []}],
        "x-scope": "consents:write",
        "x-body-limit": 65536,
        "parameters": [
          {"$ref": "#/components/parameters/ExternalId"},
          {"$ref": "#/components/parameters/AcceptLanguage"}
        ],
        "requestBody": {
          "required": true,
          "content": {
            "application/json": {
              "schema": {"$ref": "#/components/schemas/RecipientRequest"},
              "example": {
                "name": "Иванов И. И.",
                "time_zone": "Europe/Moscow",
                "premises": {"house": "ул. Ленина, 12", "entrance": "2", "flat": "45"},
                "destinations": [{"sms": "+79001234567"}, {"email": "kv12@example.ru"}]
              }
            }
          }
        },
        "responses": {
          "200": {
            "description": "Записано. · Written.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/json": {
                "schema": {"$ref": "#/components/schemas/Recipient"},
                "example": {
                  "id": "ls:0045-12",
                  "name": "Иванов И. И.",
                  "locale": "ru",
                  "time_zone": "Europe/Moscow",
                  "premises": {"house": "ул. Ленина, 12", "entrance": "2", "flat": "45"},
                  "destinations": [
                    {"channel": "sms", "address": "+7···4567"},
                    {"channel": "email", "address": "k···@example.ru"}
                  ]
                }
              }
            }
          },
          "201": {
            "description": "Создано. · Created.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/json": {
                "schema": {"$ref": "#/components/schemas/Recipient"},
                "example": {
                  "id": "ls:0045-12",
                  "name": "Иванов И. И.",
                  "locale": "ru",
                  "time_zone": "Europe/Moscow",
                  "premises": {"house": "ул. Ленина, 12", "entrance": "2", "flat": "45"},
                  "destinations": [
                    {"channel": "sms", "address": "+7···4567"},
                    {"channel": "email", "address": "k···@example.ru"}
                  ]
                }
              }
            }
          },
          "400": {"$ref": "#/components/responses/BadBody"},
          "401": {"$ref": "#/components/responses/Unauthorized"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "408": {"$ref": "#/components/responses/Slow"},
          "413": {"$ref": "#/components/responses/TooLarge"},
          "415": {"$ref": "#/components/responses/WrongType"},
          "422": {"$ref": "#/components/responses/BadAddress"},
          "429": {"$ref": "#/components/responses/TooMany"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      },
      "get": {
        "operationId": "getRecipient",
        "tags": ["Recipients"],
        "summary": "Получатель",
        "x-summary-en": "A recipient",
        "description": "Адреса замаскированы.\n\nAddresses are masked.",
        "security": [{"key": []}],
        "x-scope": "messages:read",
        "parameters": [
          {"$ref": "#/components/parameters/ExternalId"},
          {"$ref": "#/components/parameters/AcceptLanguage"}
        ],
        "responses": {
          "200": {
            "description": "Получатель. · The recipient.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/json": {
                "schema": {"$ref": "#/components/schemas/Recipient"},
                "example": {
                  "id": "ls:0045-12",
                  "name": "Иванов И. И.",
                  "locale": "ru",
                  "time_zone": "Europe/Moscow",
                  "premises": {"house": "ул. Ленина, 12", "entrance": "2", "flat": "45"},
                  "destinations": [
                    {"channel": "sms", "address": "+7···4567"},
                    {"channel": "email", "address": "k···@example.ru"}
                  ]
                }
              }
            }
          },
          "400": {"$ref": "#/components/responses/BadQuery"},
          "401": {"$ref": "#/components/responses/Unauthorized"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "404": {"$ref": "#/components/responses/NotFound"},
          "429": {"$ref": "#/components/responses/TooMany"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      },
      "delete": {
        "operationId": "deleteRecipient",
        "tags": ["Recipients"],
        "summary": "Удалить получателя",
        "x-summary-en": "Delete a recipient",
        "description": "Имя, помещение и адреса исчезают сразу; согласия, журнал и сообщения остаются как доказательства. То, что ещё в очереди, кончится suppressed: no_address.\n\nName, premises and addresses go at once; consents, journal and messages stay as evidence. What is still queued ends as suppressed: no_address.",
        "security": [{"key": []}],
        "x-scope": "consents:write",
        "parameters": [
          {"$ref": "#/components/parameters/ExternalId"},
          {"$ref": "#/components/parameters/AcceptLanguage"}
        ],
        "responses": {
          "204": {
            "description": "Удалено. · Deleted.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            }
          },
          "400": {"$ref": "#/components/responses/BadQuery"},
          "401": {"$ref": "#/components/responses/Unauthorized"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "404": {"$ref": "#/components/responses/NotFound"},
          "429": {"$ref": "#/components/responses/TooMany"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/v1/recipients/import": {
      "post": {
        "operationId": "importRecipients",
        "tags": ["Recipients"],
        "summary": "Загрузить жителей файлом CSV",
        "x-summary-en": "Import residents from CSV",
        "description": "Целиком или никак; с dry_run только проверка. Колонки: docs/SENDING.md.\n\nWhole or not at all; with dry_run only a check. Columns: docs/SENDING.md.",
        "security": [{"key": []}],
        "x-scope": "consents:write",
        "x-body-limit": 16777216,
        "parameters": [{"$ref": "#/components/parameters/DryRun"}, {"$ref": "#/components/parameters/AcceptLanguage"}],
        "requestBody": {
          "required": true,
          "content": {
            "text/csv": {
              "schema": {
                "description": "Таблица; первая строка — названия столбцов. · A table; its first row names the columns."
              },
              "example": "id;phone;email;consents\nls:0045-12;+79001234567;kv12@example.ru;e_receipt:email=granted@2026-03-02\n"
            },
            "application/x-ndjson": {
              "schema": {"description": "Строки, каждая — один житель. · Lines, a resident each."},
              "example": "{\"id\":\"ls:0045-12\",\"destinations\":[{\"sms\":\"+79001234567\"}],\"consents\":[{\"purpose\":\"e_receipt\",\"channel\":\"email\",\"action\":\"granted\"}]}\n"
            }
          }
        },
        "responses": {
          "200": {
            "description": "Загружено, или что не так в строках (stored: false). · Imported, or what is wrong in which row (stored: false).",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/json": {
                "schema": {"$ref": "#/components/schemas/ImportAnswer"},
                "example": {"recipients": 2, "consents": 1, "new_consents": 1, "stored": true, "errors": []}
              }
            }
          },
          "400": {"$ref": "#/components/responses/BadBody"},
          "401": {"$ref": "#/components/responses/Unauthorized"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "408": {"$ref": "#/components/responses/Slow"},
          "413": {"$ref": "#/components/responses/TooLarge"},
          "415": {"$ref": "#/components/responses/WrongType"},
          "422": {"$ref": "#/components/responses/Refused422"},
          "429": {"$ref": "#/components/responses/TooMany"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/v1/recipients/{external_id}/consents": {
      "get": {
        "operationId": "listConsents",
        "tags": ["Consents"],
        "summary": "Что житель разрешал",
        "x-summary-en": "What the resident allowed",
        "description": "Вся книга согласий этого жителя, новые первыми.\n\nThe whole ledger of this resident, newest first.",
        "security": [{"key": []}],
        "x-scope": "messages:read",
        "parameters": [
          {"$ref": "#/components/parameters/ExternalId"},
          {"$ref": "#/components/parameters/Limit"},
          {"$ref": "#/components/parameters/AfterAny"},
          {"$ref": "#/components/parameters/AcceptLanguage"}
        ],
        "responses": {
          "200": {
            "description": "Записи. · Records.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/json": {
                "schema": {
                  "type": "object",
                  "required": ["data", "next"],
                  "properties": {
                    "data": {"type": "array", "items": {"$ref": "#/components/schemas/Consent"}},
                    "next": {"$ref": "#/components/schemas/Cursor"}
                  }
                },
                "example": {
                  "data": [
                    {
                      "id": "cns_05R8Z6K3M0W00",
                      "recipient": "ls:0045-12",
                      "purpose": "news",
                      "channel": "email",
                      "action": "granted",
                      "source": "web_form",
                      "evidence": "form:118",
                      "text_version": "2026-03",
                      "recorded_by": "client:billing",
                      "occurred_at": "2026-03-02T09:00:00Z",
                      "recorded_at": "2026-03-02T09:00:01Z"
                    }
                  ],
                  "next": null
                }
              }
            }
          },
          "400": {"$ref": "#/components/responses/BadQuery"},
          "401": {"$ref": "#/components/responses/Unauthorized"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "404": {"$ref": "#/components/responses/NotFound"},
          "429": {"$ref": "#/components/responses/TooMany"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/v1/consents": {
      "post": {
        "operationId": "recordConsent",
        "tags": ["Consents"],
        "summary": "Записать слово жителя",
        "x-summary-en": "Record a resident's word",
        "description": "Одна запись или {\"items\": […]} до 200: все или ни одной. Что уже записано (с тем же occurred_at), второй раз не пишется.\n\nOne record, or {\"items\": […]} up to 200: all or none. What stands in the ledger already (with the same occurred_at) is not written twice.",
        "security": [{"key": []}],
        "x-scope": "consents:write",
        "x-body-limit": 65536,
        "parameters": [{"$ref": "#/components/parameters/AcceptLanguage"}],
        "requestBody": {
          "required": true,
          "content": {
            "application/json": {
              "schema": {
                "oneOf": [
                  {"$ref": "#/components/schemas/ConsentRequest"},
                  {
                    "type": "object",
                    "required": ["items"],
                    "properties": {
                      "items": {
                        "type": "array",
                        "items": {"$ref": "#/components/schemas/ConsentRequest"},
                        "minItems": 1,
                        "maxItems": 200
                      }
                    },
                    "additionalProperties": false
                  }
                ]
              },
              "example": {
                "recipient": "ls:0045-12",
                "purpose": "news",
                "channel": "email",
                "action": "granted",
                "source": "web_form",
                "evidence": "form:118"
              }
            }
          }
        },
        "responses": {
          "200": {
            "description": "Это уже записано. · It was written before.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/json": {
                "schema": {
                  "oneOf": [
                    {"$ref": "#/components/schemas/Consent"},
                    {
                      "type": "object",
                      "required": ["data", "next"],
                      "properties": {
                        "data": {"type": "array", "items": {"$ref": "#/components/schemas/Consent"}},
                        "next": {"$ref": "#/components/schemas/Cursor"}
                      }
                    }
                  ]
                },
                "example": {
                  "id": "cns_05R8Z6K3M0W00",
                  "recipient": "ls:0045-12",
                  "purpose": "news",
                  "channel": "email",
                  "action": "granted",
                  "source": "web_form",
                  "evidence": "form:118",
                  "text_version": "2026-03",
                  "recorded_by": "client:billing",
                  "occurred_at": "2026-03-02T09:00:00Z",
                  "recorded_at": "2026-03-02T09:00:01Z"
                }
              }
            }
          },
          "201": {
            "description": "Записано. · Recorded.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/json": {
                "schema": {
                  "oneOf": [
                    {"$ref": "#/components/schemas/Consent"},
                    {
                      "type": "object",
                      "required": ["data", "next"],
                      "properties": {
                        "data": {"type": "array", "items": {"$ref": "#/components/schemas/Consent"}},
                        "next": {"$ref": "#/components/schemas/Cursor"}
                      }
                    }
                  ]
                },
                "example": {
                  "id": "cns_05R8Z6K3M0W00",
                  "recipient": "ls:0045-12",
                  "purpose": "news",
                  "channel": "email",
                  "action": "granted",
                  "source": "web_form",
                  "evidence": "form:118",
                  "text_version": "2026-03",
                  "recorded_by": "client:billing",
                  "occurred_at": "2026-03-02T09:00:00Z",
                  "recorded_at": "2026-03-02T09:00:01Z"
                }
              }
            }
          },
          "400": {"$ref": "#/components/responses/BadBody"},
          "401": {"$ref": "#/components/responses/Unauthorized"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "408": {"$ref": "#/components/responses/Slow"},
          "413": {"$ref": "#/components/responses/TooLarge"},
          "415": {"$ref": "#/components/responses/WrongType"},
          "422": {"$ref": "#/components/responses/BadConsent"},
          "429": {"$ref": "#/components/responses/TooMany"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/v1/consents/check": {
      "post": {
        "operationId": "checkConsent",
        "tags": ["Consents"],
        "summary": "Можно ли писать",
        "x-summary-en": "May we write",
        "description": "Те же правила, что при отправке, с объяснением; ничего не хранит.\n\nThe rules of sending, with their explanation; stores nothing.",
        "security": [{"key": []}],
        "x-scope": "messages:read",
        "x-body-limit": 65536,
        "parameters": [{"$ref": "#/components/parameters/AcceptLanguage"}],
        "requestBody": {
          "required": true,
          "content": {
            "application/json": {
              "schema": {"$ref": "#/components/schemas/ConsentCheck"},
              "example": {"recipient": "ls:0045-12", "purpose": "news", "channel": "email"}
            }
          }
        },
        "responses": {
          "200": {
            "description": "Ответ. · The answer.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/json": {
                "schema": {"$ref": "#/components/schemas/ConsentVerdict"},
                "example": {
                  "allowed": false,
                  "reason": "no_consent",
                  "explanation": [{"rule": "basis", "result": "consent: no record"}]
                }
              }
            }
          },
          "400": {"$ref": "#/components/responses/BadBody"},
          "401": {"$ref": "#/components/responses/Unauthorized"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "408": {"$ref": "#/components/responses/Slow"},
          "413": {"$ref": "#/components/responses/TooLarge"},
          "415": {"$ref": "#/components/responses/WrongType"},
          "422": {"$ref": "#/components/responses/BadConsent"},
          "429": {"$ref": "#/components/responses/TooMany"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/v1/suppressions": {
      "get": {
        "operationId": "listSuppressions",
        "tags": ["Suppressions"],
        "summary": "Стоп-лист",
        "x-summary-en": "The suppression list",
        "description": "Новые первыми, адреса замаскированы.\n\nNewest first, addresses masked.",
        "security": [{"key": []}],
        "x-scope": "ops:read",
        "parameters": [
          {"$ref": "#/components/parameters/Limit"},
          {"$ref": "#/components/parameters/AfterAny"},
          {"$ref": "#/components/parameters/AcceptLanguage"}
        ],
        "responses": {
          "200": {
            "description": "Страница. · A page.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/json": {
                "schema": {
                  "type": "object",
                  "required": ["data", "next"],
                  "properties": {
                    "data": {"type": "array", "items": {"$ref": "#/components/schemas/Suppression"}},
                    "next": {"$ref": "#/components/schemas/Cursor"}
                  }
                },
                "example": {
                  "data": [
                    {
                      "id": "sup_05R8Z6K3M0W00",
                      "channel": "sms",
                      "address": "+7···4567",
                      "reason": "opted_out",
                      "since": "2026-11-01T10:00:00Z",
                      "until": null,
                      "detail": null
                    }
                  ],
                  "next": null
                }
              }
            }
          },
          "400": {"$ref": "#/components/responses/BadQuery"},
          "401": {"$ref": "#/components/responses/Unauthorized"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "429": {"$ref": "#/components/responses/TooMany"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      },
      "post": {
        "operationId": "addSuppression",
        "tags": ["Suppressions"],
        "summary": "Внести адрес в стоп-лист",
        "x-summary-en": "Suppress an address",
        "description": "Ровно один адрес.\n\nExactly one address.",
        "security": [{"key": []}],
        "x-scope": "consents:write",
        "x-body-limit": 65536,
        "parameters": [{"$ref": "#/components/parameters/AcceptLanguage"}],
        "requestBody": {
          "required": true,
          "content": {
            "application/json": {
              "schema": {"$ref": "#/components/schemas/SuppressionRequest"},
              "example": {"to": {"sms": "+79001234567"}, "reason": "opted_out"}
            }
          }
        },
        "responses": {
          "200": {
            "description": "Там уже запись, что держит дольше. · A line that holds longer stands there.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/json": {
                "schema": {"$ref": "#/components/schemas/Suppression"},
                "example": {
                  "id": "sup_05R8Z6K3M0W00",
                  "channel": "sms",
                  "address": "+7···4567",
                  "reason": "opted_out",
                  "since": "2026-11-01T10:00:00Z",
                  "until": null,
                  "detail": null
                }
              }
            }
          },
          "201": {
            "description": "Внесено. · Added.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/json": {
                "schema": {"$ref": "#/components/schemas/Suppression"},
                "example": {
                  "id": "sup_05R8Z6K3M0W00",
                  "channel": "sms",
                  "address": "+7···4567",
                  "reason": "opted_out",
                  "since": "2026-11-01T10:00:00Z",
                  "until": null,
                  "detail": null
                }
              }
            }
          },
          "400": {"$ref": "#/components/responses/BadBody"},
          "401": {"$ref": "#/components/responses/Unauthorized"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "408": {"$ref": "#/components/responses/Slow"},
          "413": {"$ref": "#/components/responses/TooLarge"},
          "415": {"$ref": "#/components/responses/WrongType"},
          "422": {"$ref": "#/components/responses/BadAddress"},
          "429": {"$ref": "#/components/responses/TooMany"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/v1/suppressions/{id}": {
      "delete": {
        "operationId": "removeSuppression",
        "tags": ["Suppressions"],
        "summary": "Снять из стоп-листа",
        "x-summary-en": "Lift a suppression",
        "description": "Строка в журнале остаётся.\n\nThe journal keeps its line.",
        "security": [{"key": []}],
        "x-scope": "consents:write",
        "parameters": [
          {"$ref": "#/components/parameters/SuppressionId"},
          {"$ref": "#/components/parameters/AcceptLanguage"}
        ],
        "responses": {
          "204": {
            "description": "Снято. · Lifted.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            }
          },
          "400": {"$ref": "#/components/responses/BadQuery"},
          "401": {"$ref": "#/components/responses/Unauthorized"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "404": {"$ref": "#/components/responses/NotFound"},
          "429": {"$ref": "#/components/responses/TooMany"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/v1/suppressions/lookup": {
      "post": {
        "operationId": "lookupSuppression",
        "tags": ["Suppressions"],
        "summary": "Есть ли адрес в стоп-листе",
        "x-summary-en": "Is an address suppressed",
        "description": "Адрес — в теле.\n\nThe address stands in the body.",
        "security": [{"key": []}],
        "x-scope": "messages:read",
        "x-body-limit": 65536,
        "parameters": [{"$ref": "#/components/parameters/AcceptLanguage"}],
        "requestBody": {
          "required": true,
          "content": {
            "application/json": {
              "schema": {"$ref": "#/components/schemas/Lookup"},
              "example": {"to": {"sms": "+79001234567"}}
            }
          }
        },
        "responses": {
          "200": {
            "description": "Найденное; пусто — не внесён. · What was found; empty: it is not there.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/json": {
                "schema": {
                  "type": "object",
                  "required": ["data", "next"],
                  "properties": {
                    "data": {"type": "array", "items": {"$ref": "#/components/schemas/Suppression"}},
                    "next": {"$ref": "#/components/schemas/Cursor"}
                  }
                },
                "example": {
                  "data": [
                    {
                      "id": "sup_05R8Z6K3M0W00",
                      "channel": "sms",
                      "address": "+7···4567",
                      "reason": "opted_out",
                      "since": "2026-11-01T10:00:00Z",
                      "until": null,
                      "detail": null
                    }
                  ],
                  "next": null
                }
              }
            }
          },
          "400": {"$ref": "#/components/responses/BadBody"},
          "401": {"$ref": "#/components/responses/Unauthorized"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "408": {"$ref": "#/components/responses/Slow"},
          "413": {"$ref": "#/components/responses/TooLarge"},
          "415": {"$ref": "#/components/responses/WrongType"},
          "422": {"$ref": "#/components/responses/BadAddress"},
          "429": {"$ref": "#/components/responses/TooMany"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/v1/accounts/{account}/facts": {
      "put": {
        "operationId": "putFacts",
        "tags": ["Facts"],
        "summary": "Сообщить остаток счёта",
        "x-summary-en": "Tell the balance of an account",
        "description": "С ним сверяются условия сообщений. Более раннее as_of не записывается.\n\nConditions of messages are checked against it. An earlier as_of is not written.",
        "security": [{"key": []}],
        "x-scope": "messages:write",
        "x-body-limit": 65536,
        "parameters": [{"$ref": "#/components/parameters/Account"}, {"$ref": "#/components/parameters/AcceptLanguage"}],
        "requestBody": {
          "required": true,
          "content": {
            "application/json": {
              "schema": {"$ref": "#/components/schemas/FactsRequest"},
              "example": {"balance": "0.00", "as_of": "2026-11-24T11:00:00+03:00"}
            }
          }
        },
        "responses": {
          "200": {
            "description": "Что известно теперь. · What is known now.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/json": {
                "schema": {"$ref": "#/components/schemas/Facts"},
                "example": {
                  "account": "0045-12",
                  "balance": "0.00",
                  "currency": "RUB",
                  "as_of": "2026-11-24T08:00:00Z",
                  "result": "taken"
                }
              }
            }
          },
          "400": {"$ref": "#/components/responses/BadBody"},
          "401": {"$ref": "#/components/responses/Unauthorized"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "404": {"$ref": "#/components/responses/NotFound"},
          "408": {"$ref": "#/components/responses/Slow"},
          "413": {"$ref": "#/components/responses/TooLarge"},
          "415": {"$ref": "#/components/responses/WrongType"},
          "422": {"$ref": "#/components/responses/BadFields"},
          "429": {"$ref": "#/components/responses/TooMany"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      },
      "get": {
        "operationId": "getFacts",
        "tags": ["Facts"],
        "summary": "Остаток счёта",
        "x-summary-en": "The balance of an account",
        "description": "То, что сообщали последним.\n\nWhat was told last.",
        "security": [{"key": []}],
        "x-scope": "messages:read",
        "parameters": [{"$ref": "#/components/parameters/Account"}, {"$ref": "#/components/parameters/AcceptLanguage"}],
        "responses": {
          "200": {
            "description": "Остаток. · The balance.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/json": {
                "schema": {"$ref": "#/components/schemas/Facts"},
                "example": {
                  "account": "0045-12",
                  "balance": "0.00",
                  "currency": "RUB",
                  "as_of": "2026-11-24T08:00:00Z"
                }
              }
            }
          },
          "400": {"$ref": "#/components/responses/BadQuery"},
          "401": {"$ref": "#/components/responses/Unauthorized"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "404": {"$ref": "#/components/responses/NotFound"},
          "429": {"$ref": "#/components/responses/TooMany"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/v1/templates": {
      "get": {
        "operationId": "listTemplates",
        "tags": ["Templates"],
        "summary": "Шаблоны",
        "x-summary-en": "Templates",
        "description": "Все сразу, по имени.\n\nAll at once, by name.",
        "security": [{"key": []}],
        "x-scope": "messages:read",
        "parameters": [{"$ref": "#/components/parameters/AcceptLanguage"}],
        "responses": {
          "200": {
            "description": "Шаблоны. · Templates.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/json": {
                "schema": {
                  "type": "object",
                  "required": ["data", "next"],
                  "properties": {
                    "data": {"type": "array", "items": {"$ref": "#/components/schemas/Template"}},
                    "next": {"$ref": "#/components/schemas/Cursor"}
                  }
                },
                "example": {
                  "data": [
                    {
                      "id": "payment-reminder",
                      "version": "sha256:3b1c…",
                      "purpose": "payment_reminder",
                      "locales": ["ru", "tt"],
                      "channels": ["sms", "email", "max"],
                      "variables": [
                        {"name": "amount", "type": "money", "required": true},
                        {"name": "due", "type": "date", "required": true},
                        {"name": "period", "type": "month", "required": true}
                      ]
                    }
                  ],
                  "next": null
                }
              }
            }
          },
          "400": {"$ref": "#/components/responses/BadQuery"},
          "401": {"$ref": "#/components/responses/Unauthorized"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "429": {"$ref": "#/components/responses/TooMany"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/v1/templates/{id}": {
      "get": {
        "operationId": "getTemplate",
        "tags": ["Templates"],
        "summary": "Один шаблон",
        "x-summary-en": "One template",
        "description": "Его переменные и языки.\n\nIts variables and languages.",
        "security": [{"key": []}],
        "x-scope": "messages:read",
        "parameters": [
          {"$ref": "#/components/parameters/TemplateId"},
          {"$ref": "#/components/parameters/AcceptLanguage"}
        ],
        "responses": {
          "200": {
            "description": "Шаблон. · The template.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/json": {
                "schema": {"$ref": "#/components/schemas/Template"},
                "example": {
                  "id": "payment-reminder",
                  "version": "sha256:3b1c…",
                  "purpose": "payment_reminder",
                  "locales": ["ru", "tt"],
                  "channels": ["sms", "email", "max"],
                  "variables": [
                    {"name": "amount", "type": "money", "required": true},
                    {"name": "due", "type": "date", "required": true},
                    {"name": "period", "type": "month", "required": true}
                  ]
                }
              }
            }
          },
          "400": {"$ref": "#/components/responses/BadQuery"},
          "401": {"$ref": "#/components/responses/Unauthorized"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "404": {"$ref": "#/components/responses/NotFound"},
          "429": {"$ref": "#/components/responses/TooMany"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/v1/templates/{id}/render": {
      "post": {
        "operationId": "renderTemplate",
        "tags": ["Templates"],
        "summary": "Показать тексты шаблона",
        "x-summary-en": "Render a template",
        "description": "По каналам; для SMS — число частей. Ничего не хранит.\n\nBy channel; for SMS with its parts. Stores nothing.",
        "security": [{"key": []}],
        "x-scope": "messages:read",
        "x-body-limit": 65536,
        "parameters": [
          {"$ref": "#/components/parameters/TemplateId"},
          {"$ref": "#/components/parameters/AcceptLanguage"}
        ],
        "requestBody": {
          "required": true,
          "content": {
            "application/json": {
              "schema": {"$ref": "#/components/schemas/RenderRequest"},
              "example": {"variables": {"amount": "3250.50", "due": "2026-12-15", "period": "2026-11"}, "locale": "ru"}
            }
          }
        },
        "responses": {
          "200": {
            "description": "Тексты. · Texts.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/json": {
                "schema": {"$ref": "#/components/schemas/Rendered"},
                "example": {
                  "template": {"id": "payment-reminder", "version": "sha256:3b1c…"},
                  "texts": [
                    {
                      "channel": "sms",
                      "text": "За ноябрь 2026: 3 250,50 ₽ до 15 декабря.",
                      "encoding": "ucs2",
                      "parts": 1
                    }
                  ]
                }
              }
            }
          },
          "400": {"$ref": "#/components/responses/BadBody"},
          "401": {"$ref": "#/components/responses/Unauthorized"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "404": {"$ref": "#/components/responses/NotFound"},
          "408": {"$ref": "#/components/responses/Slow"},
          "413": {"$ref": "#/components/responses/TooLarge"},
          "415": {"$ref": "#/components/responses/WrongType"},
          "422": {
            "description": "Запрос понятен, но выполнить его нельзя; в errors всё, что не так. · Understood, and cannot be done; errors lists everything that is wrong.",
            "x-codes": ["required", "invalid_value", "missing_variable", "text_too_long"],
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/problem+json": {
                "schema": {
                  "allOf": [
                    {"$ref": "#/components/schemas/Problem"},
                    {
                      "properties": {
                        "status": {"const": 422},
                        "code": {"enum": ["required", "invalid_value", "missing_variable", "text_too_long"]}
                      }
                    }
                  ]
                },
                "examples": {
                  "required": {"$ref": "#/components/examples/required"},
                  "invalid_value": {"$ref": "#/components/examples/invalid_value"},
                  "missing_variable": {"$ref": "#/components/examples/missing_variable"},
                  "text_too_long": {"$ref": "#/components/examples/text_too_long"}
                }
              }
            }
          },
          "429": {"$ref": "#/components/responses/TooMany"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/v1/events": {
      "get": {
        "operationId": "listEvents",
        "tags": ["Events"],
        "summary": "Лента событий",
        "x-summary-en": "The feed of events",
        "description": "Старые первыми: читайте с after = последнее увиденное. Событие может прийти в ленту, поток и вебхук — id тот же.\n\nOldest first: read with after = the last one you have seen. Feed, stream and webhooks tell the same event under the same id.",
        "security": [{"key": []}],
        "x-scope": "messages:read",
        "parameters": [
          {"$ref": "#/components/parameters/Limit"},
          {"$ref": "#/components/parameters/AfterEvent"},
          {
            "name": "type",
            "in": "query",
            "description": "Только эти, через запятую: message.failed,consent.* · Only these, with commas between.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 512},
            "example": "message.*"
          },
          {"$ref": "#/components/parameters/AcceptLanguage"}
        ],
        "responses": {
          "200": {
            "description": "Страница; next есть всегда, has_more говорит, есть ли ещё сейчас. · A page; next is always there, has_more tells whether there is more now.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/json": {
                "schema": {
                  "type": "object",
                  "required": ["data", "next", "has_more"],
                  "properties": {
                    "data": {"type": "array", "items": {"$ref": "#/components/schemas/Event"}},
                    "next": {
                      "type": "string",
                      "description": "Есть всегда: с него и продолжают. · Always there: go on from it."
                    },
                    "has_more": {"type": "boolean"}
                  }
                },
                "example": {
                  "data": [
                    {
                      "id": "evt_0000000001R3C",
                      "type": "message.delivered",
                      "created_at": "2026-11-24T08:12:44.120Z",
                      "client": "billing",
                      "data": {
                        "message": "msg_05R8Z6K3M0W00",
                        "purpose": "payment_reminder",
                        "status": "delivered",
                        "channel": "sms",
                        "provider": "sms-a",
                        "attempt": 1,
                        "reference": "1C-000123"
                      }
                    }
                  ],
                  "next": "evt_0000000001R3C",
                  "has_more": false
                }
              }
            }
          },
          "400": {"$ref": "#/components/responses/BadQuery"},
          "401": {"$ref": "#/components/responses/Unauthorized"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "429": {"$ref": "#/components/responses/TooMany"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/v1/events/stream": {
      "get": {
        "operationId": "streamEvents",
        "tags": ["Events"],
        "summary": "Поток событий (SSE)",
        "x-summary-en": "The stream of events (SSE)",
        "description": "text/event-stream; после обрыва — с Last-Event-ID. Кончается, когда шлюз останавливается.\n\ntext/event-stream; after a break with Last-Event-ID. Ends when the gateway stops.",
        "security": [{"key": []}],
        "x-scope": "messages:read",
        "parameters": [
          {"$ref": "#/components/parameters/AfterEvent"},
          {
            "name": "type",
            "in": "query",
            "description": "Только эти, через запятую: message.failed,consent.* · Only these, with commas between.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 512},
            "example": "message.*"
          },
          {
            "name": "Last-Event-ID",
            "in": "header",
            "description": "Последнее увиденное. · The last one seen.",
            "schema": {"type": "string", "pattern": "^evt_[0-9A-HJKMNP-TV-Z]{13}$"},
            "example": "evt_0000000001R3C"
          },
          {"$ref": "#/components/parameters/AcceptLanguage"}
        ],
        "responses": {
          "200": {
            "description": "Поток. · The stream.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "text/event-stream": {
                "schema": {"type": "string"},
                "example": "id: evt_0000000001R3C\nevent: message.delivered\ndata: {\"id\":\"evt_0000000001R3C\",\"type\":\"message.delivered\"}\n\n"
              }
            }
          },
          "400": {"$ref": "#/components/responses/BadQuery"},
          "401": {"$ref": "#/components/responses/Unauthorized"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "429": {"$ref": "#/components/responses/TooMany"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/v1/webhooks": {
      "get": {
        "operationId": "listWebhooks",
        "tags": ["Webhooks"],
        "summary": "Свои вебхуки",
        "x-summary-en": "Your webhooks",
        "description": "Без секретов.\n\nWithout secrets.",
        "security": [{"key": []}],
        "x-scope": "messages:read",
        "parameters": [{"$ref": "#/components/parameters/AcceptLanguage"}],
        "responses": {
          "200": {
            "description": "Вебхуки. · Webhooks.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/json": {
                "schema": {
                  "type": "object",
                  "required": ["data", "next"],
                  "properties": {
                    "data": {"type": "array", "items": {"$ref": "#/components/schemas/Webhook"}},
                    "next": {"$ref": "#/components/schemas/Cursor"}
                  }
                },
                "example": {
                  "data": [
                    {
                      "id": "wh_05R8Z6K3M0W00",
                      "url": "https://billing.example.ru/hooks/vestnik",
                      "types": ["message.*"],
                      "house": false,
                      "status": "active",
                      "created_at": "2026-11-24T08:00:00Z"
                    }
                  ],
                  "next": null
                }
              }
            }
          },
          "400": {"$ref": "#/components/responses/BadQuery"},
          "401": {"$ref": "#/components/responses/Unauthorized"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "429": {"$ref": "#/components/responses/TooMany"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      },
      "post": {
        "operationId": "createWebhook",
        "tags": ["Webhooks"],
        "summary": "Создать вебхук",
        "x-summary-en": "Create a webhook",
        "description": "Standard Webhooks 1.0. Только https, порты 443 и 8443, адреса вне частных сетей, если иное не разрешено в настройках. Секрет показывается один раз.\n\nStandard Webhooks 1.0. https only, ports 443 and 8443, no private addresses unless the configuration allows them. The secret is shown once.",
        "security": [{"key": []}],
        "x-scope": "messages:write",
        "x-body-limit": 65536,
        "parameters": [{"$ref": "#/components/parameters/AcceptLanguage"}],
        "requestBody": {
          "required": true,
          "content": {
            "application/json": {
              "schema": {"$ref": "#/components/schemas/WebhookRequest"},
              "example": {"url": "https://billing.example.ru/hooks/vestnik", "types": ["message.*"]}
            }
          }
        },
        "responses": {
          "201": {
            "description": "Создан. · Created.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/json": {
                "schema": {"$ref": "#/components/schemas/Webhook"},
                "example": {
                  "id": "wh_05R8Z6K3M0W00",
                  "url": "https://billing.example.ru/hooks/vestnik",
                  "types": ["message.*"],
                  "house": false,
                  "status": "active",
                  "created_at": "2026-11-24T08:00:00Z",
                  "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
                }
              }
            }
          },
          "400": {"$ref": "#/components/responses/BadBody"},
          "401": {"$ref": "#/components/responses/Unauthorized"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "408": {"$ref": "#/components/responses/Slow"},
          "413": {"$ref": "#/components/responses/TooLarge"},
          "415": {"$ref": "#/components/responses/WrongType"},
          "422": {"$ref": "#/components/responses/BadFields"},
          "429": {"$ref": "#/components/responses/TooMany"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/v1/webhooks/{id}": {
      "get": {
        "operationId": "getWebhook",
        "tags": ["Webhooks"],
        "summary": "Один вебхук",
        "x-summary-en": "One webhook",
        "description": "Без секрета.\n\nWithout its secret.",
        "security": [{"key": []}],
        "x-scope": "messages:read",
        "parameters": [
          {"$ref": "#/components/parameters/WebhookId"},
          {"$ref": "#/components/parameters/AcceptLanguage"}
        ],
        "responses": {
          "200": {
            "description": "Вебхук. · The webhook.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/json": {
                "schema": {"$ref": "#/components/schemas/Webhook"},
                "example": {
                  "id": "wh_05R8Z6K3M0W00",
                  "url": "https://billing.example.ru/hooks/vestnik",
                  "types": ["message.*"],
                  "house": false,
                  "status": "active",
                  "created_at": "2026-11-24T08:00:00Z"
                }
              }
            }
          },
          "400": {"$ref": "#/components/responses/BadQuery"},
          "401": {"$ref": "#/components/responses/Unauthorized"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "404": {"$ref": "#/components/responses/NotFound"},
          "429": {"$ref": "#/components/responses/TooMany"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      },
      "patch": {
        "operationId": "changeWebhook",
        "tags": ["Webhooks"],
        "summary": "Изменить вебхук",
        "x-summary-en": "Change a webhook",
        "description": "Чего нет в теле, то остаётся. active: true снова включает отключённый.\n\nWhat the body does not name stays. active: true switches a disabled one on again.",
        "security": [{"key": []}],
        "x-scope": "messages:write",
        "x-body-limit": 65536,
        "parameters": [
          {"$ref": "#/components/parameters/WebhookId"},
          {"$ref": "#/components/parameters/AcceptLanguage"}
        ],
        "requestBody": {
          "required": true,
          "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/WebhookChange"}, "example": {"active": true}}
          }
        },
        "responses": {
          "200": {
            "description": "Изменён. · Changed.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/json": {
                "schema": {"$ref": "#/components/schemas/Webhook"},
                "example": {
                  "id": "wh_05R8Z6K3M0W00",
                  "url": "https://billing.example.ru/hooks/vestnik",
                  "types": ["message.*"],
                  "house": false,
                  "status": "active",
                  "created_at": "2026-11-24T08:00:00Z"
                }
              }
            }
          },
          "400": {"$ref": "#/components/responses/BadBody"},
          "401": {"$ref": "#/components/responses/Unauthorized"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "404": {"$ref": "#/components/responses/NotFound"},
          "408": {"$ref": "#/components/responses/Slow"},
          "413": {"$ref": "#/components/responses/TooLarge"},
          "415": {"$ref": "#/components/responses/WrongType"},
          "422": {"$ref": "#/components/responses/Refused422"},
          "429": {"$ref": "#/components/responses/TooMany"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      },
      "delete": {
        "operationId": "deleteWebhook",
        "tags": ["Webhooks"],
        "summary": "Удалить вебхук",
        "x-summary-en": "Delete a webhook",
        "description": "Вместе с тем, что не доставлено.\n\nWith all that is not delivered yet.",
        "security": [{"key": []}],
        "x-scope": "messages:write",
        "parameters": [
          {"$ref": "#/components/parameters/WebhookId"},
          {"$ref": "#/components/parameters/AcceptLanguage"}
        ],
        "responses": {
          "204": {
            "description": "Удалён. · Deleted.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            }
          },
          "400": {"$ref": "#/components/responses/BadQuery"},
          "401": {"$ref": "#/components/responses/Unauthorized"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "404": {"$ref": "#/components/responses/NotFound"},
          "429": {"$ref": "#/components/responses/TooMany"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/v1/webhooks/{id}/test": {
      "post": {
        "operationId": "testWebhook",
        "tags": ["Webhooks"],
        "summary": "Проверить вебхук",
        "x-summary-en": "Test a webhook",
        "description": "Отправляет подписанное пробное событие сразу и говорит, что ответили.\n\nSends a signed test event at once and tells what was answered.",
        "security": [{"key": []}],
        "x-scope": "messages:write",
        "parameters": [
          {"$ref": "#/components/parameters/WebhookId"},
          {"$ref": "#/components/parameters/AcceptLanguage"}
        ],
        "responses": {
          "200": {
            "description": "Что ответили. · What was answered.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/json": {
                "schema": {
                  "type": "object",
                  "required": ["taken"],
                  "properties": {
                    "taken": {"type": "boolean"},
                    "code": {"type": "integer"},
                    "error": {"type": "string"}
                  }
                },
                "example": {"taken": true, "code": 204}
              }
            }
          },
          "400": {"$ref": "#/components/responses/BadQuery"},
          "401": {"$ref": "#/components/responses/Unauthorized"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "404": {"$ref": "#/components/responses/NotFound"},
          "429": {"$ref": "#/components/responses/TooMany"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/v1/webhooks/{id}/deliveries": {
      "get": {
        "operationId": "listDeliveries",
        "tags": ["Webhooks"],
        "summary": "Доставки вебхука",
        "x-summary-en": "Deliveries of a webhook",
        "description": "Новые первыми.\n\nNewest first.",
        "security": [{"key": []}],
        "x-scope": "messages:read",
        "parameters": [
          {"$ref": "#/components/parameters/WebhookId"},
          {
            "name": "status",
            "in": "query",
            "description": "Состояние. · State.",
            "schema": {"enum": ["pending", "delivered", "failed"]},
            "example": "failed"
          },
          {"$ref": "#/components/parameters/Limit"},
          {"$ref": "#/components/parameters/AfterEvent"},
          {"$ref": "#/components/parameters/AcceptLanguage"}
        ],
        "responses": {
          "200": {
            "description": "Страница. · A page.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/json": {
                "schema": {
                  "type": "object",
                  "required": ["data", "next"],
                  "properties": {
                    "data": {"type": "array", "items": {"$ref": "#/components/schemas/WebhookDelivery"}},
                    "next": {"$ref": "#/components/schemas/Cursor"}
                  }
                },
                "example": {
                  "data": [
                    {
                      "event": "evt_0000000001R3C",
                      "status": "pending",
                      "attempts": 2,
                      "next_at": "2026-11-24T08:17:44Z",
                      "code": 503,
                      "created_at": "2026-11-24T08:12:44Z",
                      "attempted_at": "2026-11-24T08:12:49Z"
                    }
                  ],
                  "next": null
                }
              }
            }
          },
          "400": {"$ref": "#/components/responses/BadQuery"},
          "401": {"$ref": "#/components/responses/Unauthorized"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "404": {"$ref": "#/components/responses/NotFound"},
          "429": {"$ref": "#/components/responses/TooMany"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/v1/webhooks/{id}/replay": {
      "post": {
        "operationId": "replayDeliveries",
        "tags": ["Webhooks"],
        "summary": "Отправить события снова",
        "x-summary-en": "Send events again",
        "description": "Названные события, все после after (до until), или неудавшиеся; за раз не больше 10 000, next продолжает.\n\nThe named events, all after after (up to until), or the failed ones; at most 10,000 at a time, next goes on.",
        "security": [{"key": []}],
        "x-scope": "messages:write",
        "x-body-limit": 65536,
        "parameters": [
          {"$ref": "#/components/parameters/WebhookId"},
          {"$ref": "#/components/parameters/AcceptLanguage"}
        ],
        "requestBody": {
          "required": true,
          "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/ReplayRequest"}, "example": {"failed": true}}
          }
        },
        "responses": {
          "202": {
            "description": "Столько пойдёт снова. · So many go again.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/json": {
                "schema": {
                  "type": "object",
                  "required": ["replayed", "next"],
                  "properties": {
                    "replayed": {"type": "integer", "minimum": 0},
                    "next": {"type": ["string", "null"], "description": "Продолжить с after. · Go on with after."}
                  }
                },
                "example": {"replayed": 12, "next": null}
              }
            }
          },
          "400": {"$ref": "#/components/responses/BadBody"},
          "401": {"$ref": "#/components/responses/Unauthorized"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "404": {"$ref": "#/components/responses/NotFound"},
          "408": {"$ref": "#/components/responses/Slow"},
          "413": {"$ref": "#/components/responses/TooLarge"},
          "415": {"$ref": "#/components/responses/WrongType"},
          "422": {"$ref": "#/components/responses/BadFields"},
          "429": {"$ref": "#/components/responses/TooMany"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/v1/queues": {
      "get": {
        "operationId": "getQueues",
        "tags": ["Ops"],
        "summary": "Очередь по срочности",
        "x-summary-en": "The queue by priority",
        "description": "Возраст старшего сообщения важнее глубины.\n\nThe age of the oldest matters more than depth.",
        "security": [{"key": []}],
        "x-scope": "ops:read",
        "parameters": [{"$ref": "#/components/parameters/AcceptLanguage"}],
        "responses": {
          "200": {
            "description": "Очередь. · The queue.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/json": {
                "schema": {"$ref": "#/components/schemas/Queues"},
                "example": {
                  "data": [{"priority": "normal", "waiting": 40, "sending": 2, "held": 3, "oldest_age_seconds": 1.5}],
                  "lines": [
                    {
                      "channel": "sms",
                      "priority": "normal",
                      "waiting": 40,
                      "held": 3,
                      "held_reasons": {"quiet_hours": 3},
                      "oldest_age_seconds": 1.5
                    }
                  ],
                  "states": {"queued": 43, "sending": 2},
                  "held_reasons": {"quiet_hours": 3},
                  "paused": null
                }
              }
            }
          },
          "400": {"$ref": "#/components/responses/BadQuery"},
          "401": {"$ref": "#/components/responses/Unauthorized"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "429": {"$ref": "#/components/responses/TooMany"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/v1/providers": {
      "get": {
        "operationId": "listProviders",
        "tags": ["Ops"],
        "summary": "Провайдеры",
        "x-summary-en": "Providers",
        "description": "Что настроено и работает ли.\n\nWhat is configured, and does it work.",
        "security": [{"key": []}],
        "x-scope": "ops:read",
        "parameters": [{"$ref": "#/components/parameters/AcceptLanguage"}],
        "responses": {
          "200": {
            "description": "Провайдеры. · Providers.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/json": {
                "schema": {
                  "type": "object",
                  "required": ["data", "next"],
                  "properties": {
                    "data": {"type": "array", "items": {"$ref": "#/components/schemas/Provider"}},
                    "next": {"$ref": "#/components/schemas/Cursor"}
                  }
                },
                "example": {
                  "data": [
                    {
                      "id": "sms-a",
                      "kind": "smsc",
                      "channels": ["sms"],
                      "status": "works",
                      "paused": false,
                      "limits": {"weight": 100, "concurrency": 8, "rate_unit": "requests", "used_today": 0}
                    }
                  ],
                  "next": null
                }
              }
            }
          },
          "400": {"$ref": "#/components/responses/BadQuery"},
          "401": {"$ref": "#/components/responses/Unauthorized"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "429": {"$ref": "#/components/responses/TooMany"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/v1/providers/{id}/pause": {
      "post": {
        "operationId": "pauseProvider",
        "tags": ["Ops"],
        "summary": "Поставить провайдера на паузу",
        "x-summary-en": "Pause a provider",
        "description": "Новых отправок нет, начатые доходят.\n\nNothing new is sent, what has begun comes to its end.",
        "security": [{"key": []}],
        "x-scope": "ops:write",
        "parameters": [
          {"$ref": "#/components/parameters/ProviderId"},
          {"$ref": "#/components/parameters/AcceptLanguage"}
        ],
        "x-body-limit": 65536,
        "requestBody": {
          "required": false,
          "content": {
            "application/json": {
              "schema": {
                "type": ["object", "null"],
                "properties": {"reason": {"type": ["string", "null"], "minLength": 1, "maxLength": 200}},
                "additionalProperties": false
              },
              "example": {"reason": "накрутка, звоним"}
            }
          }
        },
        "responses": {
          "200": {
            "description": "Как стало. · As it is now.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/json": {
                "schema": {"$ref": "#/components/schemas/Provider"},
                "example": {
                  "id": "sms-a",
                  "kind": "smsc",
                  "channels": ["sms"],
                  "status": "paused",
                  "paused": true,
                  "reason": "operator",
                  "note": "накрутка, звоним",
                  "since": "2026-11-24T06:00:00Z",
                  "by": "client:monitoring",
                  "limits": {"weight": 100, "concurrency": 8, "rate_unit": "requests", "used_today": 0}
                }
              }
            }
          },
          "400": {"$ref": "#/components/responses/BadBody"},
          "401": {"$ref": "#/components/responses/Unauthorized"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "404": {"$ref": "#/components/responses/NotFound"},
          "408": {"$ref": "#/components/responses/Slow"},
          "413": {"$ref": "#/components/responses/TooLarge"},
          "415": {"$ref": "#/components/responses/WrongType"},
          "422": {"$ref": "#/components/responses/BadOrder"},
          "429": {"$ref": "#/components/responses/TooMany"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/v1/providers/{id}/resume": {
      "post": {
        "operationId": "resumeProvider",
        "tags": ["Ops"],
        "summary": "Снять паузу",
        "x-summary-en": "Resume a provider",
        "description": "Снова отправляет.\n\nSends again.",
        "security": [{"key": []}],
        "x-scope": "ops:write",
        "parameters": [
          {"$ref": "#/components/parameters/ProviderId"},
          {"$ref": "#/components/parameters/AcceptLanguage"}
        ],
        "x-body-limit": 65536,
        "requestBody": {
          "required": false,
          "content": {
            "application/json": {
              "schema": {
                "type": ["object", "null"],
                "properties": {"reason": {"type": ["string", "null"], "minLength": 1, "maxLength": 200}},
                "additionalProperties": false
              },
              "example": {"reason": "накрутка, звоним"}
            }
          }
        },
        "responses": {
          "200": {
            "description": "Как стало. · As it is now.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/json": {
                "schema": {"$ref": "#/components/schemas/Provider"},
                "example": {
                  "id": "sms-a",
                  "kind": "smsc",
                  "channels": ["sms"],
                  "status": "works",
                  "paused": false,
                  "limits": {"weight": 100, "concurrency": 8, "rate_unit": "requests", "used_today": 0}
                }
              }
            }
          },
          "400": {"$ref": "#/components/responses/BadBody"},
          "401": {"$ref": "#/components/responses/Unauthorized"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "404": {"$ref": "#/components/responses/NotFound"},
          "408": {"$ref": "#/components/responses/Slow"},
          "413": {"$ref": "#/components/responses/TooLarge"},
          "415": {"$ref": "#/components/responses/WrongType"},
          "422": {"$ref": "#/components/responses/BadOrder"},
          "429": {"$ref": "#/components/responses/TooMany"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/v1/dead-letters": {
      "get": {
        "operationId": "listDeadLetters",
        "tags": ["Ops"],
        "summary": "Недоставленные",
        "x-summary-en": "Dead letters",
        "description": "Что не дошло или осталось без ответа и само дальше не пойдёт; новые первыми, чьими бы ни были.\n\nWhat did not arrive or was never answered and goes no further by itself; newest first, whoever sent it.",
        "security": [{"key": []}],
        "x-scope": "ops:read",
        "parameters": [
          {"name": "reason", "in": "query", "schema": {"type": "string"}, "example": "unknown_address"},
          {"name": "channel", "in": "query", "schema": {"$ref": "#/components/schemas/Channel"}, "example": "sms"},
          {"name": "purpose", "in": "query", "schema": {"type": "string"}, "example": "payment_reminder"},
          {
            "name": "since",
            "in": "query",
            "description": "Закончились тогда или позже. · Ended then or later.",
            "schema": {"type": "string", "format": "date-time"},
            "example": "2026-11-24T08:00:00Z"
          },
          {"$ref": "#/components/parameters/Limit"},
          {"$ref": "#/components/parameters/After"},
          {"$ref": "#/components/parameters/AcceptLanguage"}
        ],
        "responses": {
          "200": {
            "description": "Страница. · A page.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/json": {
                "schema": {
                  "type": "object",
                  "required": ["data", "next"],
                  "properties": {
                    "data": {"type": "array", "items": {"$ref": "#/components/schemas/DeadLetter"}},
                    "next": {"$ref": "#/components/schemas/Cursor"}
                  }
                },
                "example": {
                  "data": [
                    {
                      "id": "msg_05R8Z6K3M0W00",
                      "purpose": "payment_reminder",
                      "recipient": "ls:0045-12",
                      "channel": "sms",
                      "provider": "sms-a",
                      "status": "failed",
                      "failure": {"kind": "permanent", "reason": "unknown_address"},
                      "ended_at": "2026-11-24T09:00:00Z",
                      "may_have_arrived": false
                    }
                  ],
                  "next": null
                }
              }
            }
          },
          "400": {"$ref": "#/components/responses/BadQuery"},
          "401": {"$ref": "#/components/responses/Unauthorized"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "429": {"$ref": "#/components/responses/TooMany"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/v1/dead-letters/retry": {
      "post": {
        "operationId": "retryDeadLetters",
        "tags": ["Ops"],
        "summary": "Повторить недоставленное",
        "x-summary-en": "Retry dead letters",
        "description": "Каждое — один раз. Действует по фильтру; expected_count защищает от того, чего вы не видели.\n\nEach of them once. Acts on the filter; expected_count guards against what you have not seen.",
        "security": [{"key": []}],
        "x-scope": "ops:write",
        "x-body-limit": 65536,
        "parameters": [{"$ref": "#/components/parameters/DryRun"}, {"$ref": "#/components/parameters/AcceptLanguage"}],
        "requestBody": {
          "required": true,
          "content": {
            "application/json": {
              "schema": {"$ref": "#/components/schemas/DeadLetterOrder"},
              "example": {"filter": {"reason": "unreachable", "channel": "sms"}, "expected_count": 40}
            }
          }
        },
        "responses": {
          "200": {
            "description": "Сколько. · How many.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/json": {
                "schema": {"$ref": "#/components/schemas/DeadLetterAnswer"},
                "example": {"matched": 40, "count": 40, "endings": {"queued": 40}, "left": 0, "not_concerned": 3}
              }
            }
          },
          "400": {"$ref": "#/components/responses/BadBody"},
          "401": {"$ref": "#/components/responses/Unauthorized"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "408": {"$ref": "#/components/responses/Slow"},
          "409": {"$ref": "#/components/responses/Stale"},
          "413": {"$ref": "#/components/responses/TooLarge"},
          "415": {"$ref": "#/components/responses/WrongType"},
          "422": {"$ref": "#/components/responses/BadOrder"},
          "429": {"$ref": "#/components/responses/TooMany"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/v1/dead-letters/drop": {
      "post": {
        "operationId": "dropDeadLetters",
        "tags": ["Ops"],
        "summary": "Списать недоставленное",
        "x-summary-en": "Drop dead letters",
        "description": "Человек решил не повторять. Действует по фильтру; expected_count защищает от того, чего вы не видели.\n\nA person has decided not to retry. Acts on the filter; expected_count guards against what you have not seen.",
        "security": [{"key": []}],
        "x-scope": "ops:write",
        "x-body-limit": 65536,
        "parameters": [{"$ref": "#/components/parameters/DryRun"}, {"$ref": "#/components/parameters/AcceptLanguage"}],
        "requestBody": {
          "required": true,
          "content": {
            "application/json": {
              "schema": {"$ref": "#/components/schemas/DeadLetterOrder"},
              "example": {"filter": {"reason": "unreachable", "channel": "sms"}, "expected_count": 40}
            }
          }
        },
        "responses": {
          "200": {
            "description": "Сколько. · How many.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/json": {
                "schema": {"$ref": "#/components/schemas/DeadLetterAnswer"},
                "example": {"matched": 40, "count": 40, "endings": {"written_off": 40}, "left": 0, "not_concerned": 3}
              }
            }
          },
          "400": {"$ref": "#/components/responses/BadBody"},
          "401": {"$ref": "#/components/responses/Unauthorized"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "408": {"$ref": "#/components/responses/Slow"},
          "409": {"$ref": "#/components/responses/Stale"},
          "413": {"$ref": "#/components/responses/TooLarge"},
          "415": {"$ref": "#/components/responses/WrongType"},
          "422": {"$ref": "#/components/responses/BadOrder"},
          "429": {"$ref": "#/components/responses/TooMany"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/v1/journal/verify": {
      "get": {
        "operationId": "verifyJournal",
        "tags": ["Journal"],
        "summary": "Проверить цепочку журнала",
        "x-summary-en": "Verify the chain of the journal",
        "description": "Идёт до 10 секунд; если не дошло до конца, complete — false, а next — откуда продолжить. mark можно хранить отдельно и позже проверить только то, что после него: переписанная цепочка к нему не подойдёт.\n\nWalks for up to 10 seconds; where it is not at the end, complete is false and next says where to go on. A mark that is kept elsewhere proves later that nothing before it was rewritten.",
        "security": [{"key": []}],
        "x-scope": "ops:read",
        "parameters": [
          {
            "name": "after",
            "in": "query",
            "description": "mark или next прошлой проверки. · The mark or next of a check before.",
            "schema": {"type": "string", "pattern": "^[0-9]{1,18}\\.[0-9a-f]{64}$"},
            "example": "1042.0000000000000000000000000000000000000000000000000000000000000000"
          },
          {"$ref": "#/components/parameters/AcceptLanguage"}
        ],
        "responses": {
          "200": {
            "description": "Итог. · The result.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/json": {
                "schema": {"$ref": "#/components/schemas/ChainReport"},
                "example": {
                  "intact": true,
                  "complete": true,
                  "rows": 120450,
                  "verified": 120450,
                  "first_bad": null,
                  "why": null,
                  "mark": "120450.9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                  "next": null
                }
              }
            }
          },
          "400": {"$ref": "#/components/responses/BadQuery"},
          "401": {"$ref": "#/components/responses/Unauthorized"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "429": {"$ref": "#/components/responses/TooMany"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/livez": {
      "get": {
        "operationId": "live",
        "tags": ["System"],
        "summary": "Жив ли процесс",
        "x-summary-en": "Is the process alive",
        "description": "Без ключа.\n\nNo key.",
        "security": [],
        "x-scope": null,
        "responses": {
          "200": {
            "description": "Жив. · Alive.",
            "headers": {"X-Request-Id": {"$ref": "#/components/headers/RequestId"}},
            "content": {"text/plain": {"schema": {"type": "string"}, "example": "ok\n"}}
          },
          "400": {"$ref": "#/components/responses/BadQuery2"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"}
        }
      }
    },
    "/readyz": {
      "get": {
        "operationId": "ready",
        "tags": ["System"],
        "summary": "Готов ли к работе",
        "x-summary-en": "Is it ready",
        "description": "Остановленная отправка — тоже готов: вторая строка говорит об этом.\n\nHeld is ready too: the second line says so.",
        "security": [],
        "x-scope": null,
        "responses": {
          "200": {
            "description": "Готов. · Ready.",
            "headers": {"X-Request-Id": {"$ref": "#/components/headers/RequestId"}},
            "content": {"text/plain": {"schema": {"type": "string"}, "example": "ok\n"}}
          },
          "400": {"$ref": "#/components/responses/BadQuery2"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"},
          "503": {
            "description": "Не готов, и почему. · Not ready, and why.",
            "headers": {"X-Request-Id": {"$ref": "#/components/headers/RequestId"}},
            "content": {"text/plain": {"schema": {"type": "string"}, "example": "the database does not answer\n"}}
          }
        }
      }
    },
    "/version": {
      "get": {
        "operationId": "version",
        "tags": ["System"],
        "summary": "Версия",
        "x-summary-en": "Version",
        "description": "Без ключа.\n\nNo key.",
        "security": [],
        "x-scope": null,
        "responses": {
          "200": {
            "description": "Версия. · Version.",
            "headers": {"X-Request-Id": {"$ref": "#/components/headers/RequestId"}},
            "content": {
              "application/json": {"schema": {"$ref": "#/components/schemas/Version"}, "example": {"version": "0.5.0"}}
            }
          },
          "400": {"$ref": "#/components/responses/BadQuery2"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"}
        }
      }
    },
    "/metrics": {
      "get": {
        "operationId": "metrics",
        "tags": ["System"],
        "summary": "Метрики Prometheus",
        "x-summary-en": "Prometheus metrics",
        "description": "Без ключа, только на внутреннем адресе.\n\nNo key, on the internal listener only.",
        "security": [],
        "x-scope": null,
        "responses": {
          "200": {
            "description": "Метрики. · Metrics.",
            "headers": {"X-Request-Id": {"$ref": "#/components/headers/RequestId"}},
            "content": {
              "text/plain": {"schema": {"type": "string"}, "example": "vestnik_build_info{version=\"0.5.0\"} 1\n"}
            }
          },
          "400": {"$ref": "#/components/responses/BadQuery2"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/openapi.json": {
      "get": {
        "operationId": "openapi",
        "tags": ["System"],
        "summary": "Это описание",
        "x-summary-en": "This document",
        "description": "OpenAPI 3.1; для людей — /docs/api.\n\nOpenAPI 3.1; for people: /docs/api.",
        "security": [],
        "x-scope": null,
        "responses": {
          "200": {
            "description": "Описание. · The document.",
            "headers": {"X-Request-Id": {"$ref": "#/components/headers/RequestId"}},
            "content": {"application/json": {"schema": {"type": "object"}, "example": {"openapi": "3.1.0"}}}
          },
          "400": {"$ref": "#/components/responses/BadQuery2"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"}
        }
      }
    },
    "/v1/webhooks/{id}/rotate": {
      "post": {
        "operationId": "rotateWebhookSecret",
        "tags": ["Webhooks"],
        "summary": "Сменить секрет вебхука",
        "x-summary-en": "Rotate the secret of a webhook",
        "description": "Новый секрет — в ответе, один раз; прежний подписывает рядом с ним ещё сутки.\n\nThe new secret stands in the answer, once; the one before signs beside it for another day.",
        "security": [{"key": []}],
        "x-scope": "messages:write",
        "parameters": [
          {"$ref": "#/components/parameters/WebhookId"},
          {"$ref": "#/components/parameters/AcceptLanguage"}
        ],
        "responses": {
          "200": {
            "description": "Новый секрет. · The new secret.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/json": {
                "schema": {"$ref": "#/components/schemas/Webhook"},
                "example": {
                  "id": "wh_05R8Z6K3M0W00",
                  "url": "https://billing.example.ru/hooks/vestnik",
                  "types": ["message.*"],
                  "house": false,
                  "status": "active",
                  "created_at": "2026-11-24T08:00:00Z",
                  "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                  "previous_secret_until": "2026-11-25T08:00:00Z"
                }
              }
            }
          },
          "400": {"$ref": "#/components/responses/BadBody"},
          "401": {"$ref": "#/components/responses/Unauthorized"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "404": {"$ref": "#/components/responses/NotFound"},
          "408": {"$ref": "#/components/responses/Slow"},
          "413": {"$ref": "#/components/responses/TooLarge"},
          "415": {"$ref": "#/components/responses/WrongType"},
          "429": {"$ref": "#/components/responses/TooMany"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/v1/recipients/{external_id}/export": {
      "get": {
        "operationId": "exportRecipient",
        "tags": ["Recipients"],
        "summary": "Всё об одном жителе",
        "x-summary-en": "All about one resident",
        "description": "Для жителя, который спросил: адреса полностью, согласия, стоп-лист, долг, сообщения с переменными. Журнал отметит выдачу.\n\nFor the resident who asks: addresses in full, consents, suppressions, what is owed, messages with variables. The journal notes it.",
        "security": [{"key": []}],
        "x-scope": "admin",
        "parameters": [
          {"$ref": "#/components/parameters/ExternalId"},
          {"$ref": "#/components/parameters/AcceptLanguage"}
        ],
        "responses": {
          "200": {
            "description": "Всё, что есть. · All there is.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/json": {
                "schema": {
                  "type": "object",
                  "required": ["id", "recipient", "consents", "suppressions", "account", "messages"],
                  "properties": {
                    "id": {"type": "string"},
                    "recipient": {"type": ["object", "null"]},
                    "consents": {"type": "array", "items": {"$ref": "#/components/schemas/Consent"}},
                    "suppressions": {"type": "array", "items": {"$ref": "#/components/schemas/Suppression"}},
                    "account": {"type": ["object", "null"]},
                    "messages": {"type": "array", "items": {"type": "object"}}
                  }
                },
                "example": {
                  "id": "ls:0045-12",
                  "recipient": null,
                  "consents": [],
                  "suppressions": [],
                  "account": null,
                  "messages": []
                }
              }
            }
          },
          "400": {"$ref": "#/components/responses/BadQuery"},
          "401": {"$ref": "#/components/responses/Unauthorized"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "404": {"$ref": "#/components/responses/NotFound"},
          "429": {"$ref": "#/components/responses/TooMany"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/v1/consents/export": {
      "get": {
        "operationId": "exportConsents",
        "tags": ["Consents"],
        "summary": "Весь журнал согласий",
        "x-summary-en": "The whole consent ledger",
        "description": "Для проверяющего: старые первыми, без адресов. Журнал отметит выдачу.\n\nFor an inspector: oldest first, without addresses. The journal notes it.",
        "security": [{"key": []}],
        "x-scope": "messages:read",
        "parameters": [
          {
            "name": "format",
            "in": "query",
            "description": "Без него ndjson. · ndjson without it.",
            "schema": {"enum": ["ndjson", "csv"]},
            "example": "csv"
          },
          {"$ref": "#/components/parameters/AcceptLanguage"}
        ],
        "responses": {
          "200": {
            "description": "Записи. · Records.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"}
            },
            "content": {
              "application/x-ndjson": {"schema": {"type": "string"}},
              "text/csv": {"schema": {"type": "string"}}
            }
          },
          "400": {"$ref": "#/components/responses/BadQuery"},
          "401": {"$ref": "#/components/responses/Unauthorized"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "429": {"$ref": "#/components/responses/TooMany"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/v1/recipients/{external_id}/preferences": {
      "get": {
        "operationId": "getPreferences",
        "tags": ["Consents"],
        "summary": "Что житель включил",
        "x-summary-en": "What a resident has switched on",
        "description": "Журнал согласий в виде выключателей.\n\nThe consent ledger as switches.",
        "security": [{"key": []}],
        "x-scope": "messages:read",
        "parameters": [
          {"$ref": "#/components/parameters/ExternalId"},
          {"$ref": "#/components/parameters/AcceptLanguage"}
        ],
        "responses": {
          "200": {
            "description": "Выключатели. · Switches.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"},
              "ETag": {"$ref": "#/components/headers/ETag"}
            },
            "content": {
              "application/json": {
                "schema": {"$ref": "#/components/schemas/Preferences"},
                "example": {
                  "recipient": "ls:0045-12",
                  "purposes": {"news": {"mandatory": false, "on": true, "channels": {"max": true, "email": false}}}
                }
              }
            }
          },
          "400": {"$ref": "#/components/responses/BadQuery"},
          "401": {"$ref": "#/components/responses/Unauthorized"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "404": {"$ref": "#/components/responses/NotFound"},
          "429": {"$ref": "#/components/responses/TooMany"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      },
      "put": {
        "operationId": "putPreferences",
        "tags": ["Consents"],
        "summary": "Изменить включённое",
        "x-summary-en": "Change what is switched on",
        "description": "Разница записывается в журнал согласий. Обязательную цель выключить нельзя, её каналы — можно. If-Match обязателен.\n\nThe difference is written into the consent ledger. A mandatory purpose cannot be switched off, its channels can. If-Match is needed.",
        "security": [{"key": []}],
        "x-scope": "consents:write",
        "x-body-limit": 65536,
        "parameters": [
          {"$ref": "#/components/parameters/ExternalId"},
          {
            "name": "If-Match",
            "in": "header",
            "description": "ETag из GET. · The ETag of GET.",
            "schema": {"type": "string"},
            "example": "\"b1946ac9\""
          },
          {"$ref": "#/components/parameters/AcceptLanguage"}
        ],
        "requestBody": {
          "required": true,
          "content": {
            "application/json": {
              "schema": {"$ref": "#/components/schemas/PreferencesRequest"},
              "example": {"purposes": {"news": {"on": true, "channels": {"email": false}}}, "source": "web_form"}
            }
          }
        },
        "responses": {
          "200": {
            "description": "Стало. · As it is now.",
            "headers": {
              "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
              "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
              "RateLimit": {"$ref": "#/components/headers/RateLimit"},
              "ETag": {"$ref": "#/components/headers/ETag"}
            },
            "content": {
              "application/json": {
                "schema": {"$ref": "#/components/schemas/Preferences"},
                "example": {
                  "recipient": "ls:0045-12",
                  "purposes": {"news": {"mandatory": false, "on": true, "channels": {"max": true, "email": false}}}
                }
              }
            }
          },
          "400": {"$ref": "#/components/responses/BadBody"},
          "401": {"$ref": "#/components/responses/Unauthorized"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "404": {"$ref": "#/components/responses/NotFound"},
          "408": {"$ref": "#/components/responses/Slow"},
          "412": {"$ref": "#/components/responses/Changed"},
          "413": {"$ref": "#/components/responses/TooLarge"},
          "415": {"$ref": "#/components/responses/WrongType"},
          "422": {"$ref": "#/components/responses/BadConsent"},
          "428": {"$ref": "#/components/responses/Unseen"},
          "429": {"$ref": "#/components/responses/TooMany"},
          "431": {"$ref": "#/components/responses/HeadTooLarge"},
          "500": {"$ref": "#/components/responses/Internal"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    }
  },
  "components": {
    "securitySchemes": {
      "key": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "vk_live_…",
        "description": "vestnik keys create. vk_live_, vk_team_ (только список гостей · the guest list only), vk_test_ (ничего не уходит · nothing leaves)."
      }
    },
    "parameters": {
      "AcceptLanguage": {
        "name": "Accept-Language",
        "in": "header",
        "description": "Язык ошибок: ru или en. · Language of errors.",
        "schema": {"type": "string"},
        "example": "ru"
      },
      "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "1…255 знаков, хранится 30 дней: тот же ключ и тело дают тот же ответ. · 1 to 255 characters, kept for 30 days: the same key and body give the same answer.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255},
        "example": "invoice-2026-11-0045-12"
      },
      "Limit": {
        "name": "limit",
        "in": "query",
        "description": "Сколько на странице. · How many on a page.",
        "schema": {"type": "integer", "minimum": 1, "maximum": 250, "default": 50},
        "example": 100
      },
      "After": {
        "name": "after",
        "in": "query",
        "description": "next прошлой страницы. · next of the page before.",
        "schema": {"type": "string", "pattern": "^msg_[0-9A-HJKMNP-TV-Z]{13}$"},
        "example": "msg_05R8Z6K3M0W00"
      },
      "AfterEvent": {
        "name": "after",
        "in": "query",
        "description": "id последнего увиденного; пусто — с начала. · The id of the last one seen; empty: from the beginning.",
        "schema": {"type": "string", "pattern": "^(evt_[0-9A-HJKMNP-TV-Z]{13})?$"},
        "example": "evt_0000000001R3C"
      },
      "AfterAny": {
        "name": "after",
        "in": "query",
        "description": "next прошлой страницы. · next of the page before.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 64},
        "example": "evt_0000000001R3C"
      },
      "DryRun": {
        "name": "dry_run",
        "in": "query",
        "description": "Только проверить и объяснить. · Only check and explain.",
        "schema": {"type": "boolean"},
        "example": true
      },
      "MessageId": {
        "name": "id",
        "in": "path",
        "required": true,
        "schema": {"type": "string", "pattern": "^msg_[0-9A-HJKMNP-TV-Z]{13}$"},
        "example": "msg_05R8Z6K3M0W00"
      },
      "WebhookId": {
        "name": "id",
        "in": "path",
        "required": true,
        "schema": {"type": "string", "pattern": "^wh_[0-9A-HJKMNP-TV-Z]{13}$"},
        "example": "wh_05R8Z6K3M0W00"
      },
      "SuppressionId": {
        "name": "id",
        "in": "path",
        "required": true,
        "schema": {"type": "string", "minLength": 1, "maxLength": 64},
        "example": "sup_05R8Z6K3M0W00"
      },
      "ProviderId": {
        "name": "id",
        "in": "path",
        "required": true,
        "schema": {"type": "string", "minLength": 1, "maxLength": 64},
        "example": "sms-a"
      },
      "TemplateId": {
        "name": "id",
        "in": "path",
        "required": true,
        "schema": {"type": "string", "minLength": 1, "maxLength": 64},
        "example": "payment-reminder"
      },
      "ExternalId": {
        "name": "external_id",
        "in": "path",
        "required": true,
        "description": "Ваше имя жителя или счёта. · Your own name of the resident or account.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 128},
        "example": "ls:0045-12"
      },
      "Account": {
        "name": "account",
        "in": "path",
        "required": true,
        "description": "Лицевой счёт; ls:0045-12 — тот же. · ls:0045-12 is the same.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 128},
        "example": "0045-12"
      }
    },
    "headers": {
      "RequestId": {
        "description": "Назовите его, если что-то не так. · Tell it when something is wrong.",
        "schema": {"type": "string"},
        "example": "req_05R8Z6K3M0W00"
      },
      "RateLimitPolicy": {
        "description": "draft-ietf-httpapi-ratelimit-headers",
        "schema": {"type": "string"},
        "example": "\"key\";q=200;w=1"
      },
      "RateLimit": {
        "description": "Осталось и через сколько секунд снова полно. · What is left, and seconds until it is full again.",
        "schema": {"type": "string"},
        "example": "\"key\";r=199;t=1"
      },
      "RetryAfter": {
        "description": "Секунд до повтора. · Seconds until a repeat.",
        "schema": {"type": "integer", "minimum": 1},
        "example": 5
      },
      "IdempotentReplayed": {
        "description": "true: ключ уже был, ответ прежний. · true: the key was known, this is the first answer again.",
        "schema": {"const": "true"},
        "example": "true"
      },
      "Count": {
        "description": "Столько сообщений пакета. · So many messages of the batch.",
        "schema": {"type": "integer", "minimum": 0},
        "example": 1
      },
      "ETag": {
        "description": "Для If-Match. · For If-Match.",
        "required": true,
        "schema": {"type": "string"},
        "example": "\"b1946ac9\""
      }
    },
    "examples": {
      "preview_stale": {
        "value": {
          "type": "/docs/errors/preview_stale",
          "title": "Предпросмотр устарел",
          "status": 409,
          "code": "preview_stale",
          "detail": "сейчас их 41, а не 40: ничего не сделано; посмотрите ещё раз: GET /v1/dead-letters",
          "instance": "urn:request:req_05R8Z6K3M0W00",
          "errors": [
            {
              "pointer": "/expected_count",
              "code": "preview_stale",
              "detail": "сейчас их 41, а не 40: ничего не сделано; посмотрите ещё раз: GET /v1/dead-letters"
            }
          ],
          "retryable": false,
          "request_id": "req_05R8Z6K3M0W00"
        }
      },
      "already_sending": {
        "value": {
          "type": "/docs/errors/already_sending",
          "title": "Уже отправляется",
          "status": 409,
          "code": "already_sending",
          "detail": "уже отправляется, отменить нельзя",
          "instance": "urn:request:req_05R8Z6K3M0W00",
          "errors": [],
          "retryable": false,
          "request_id": "req_05R8Z6K3M0W00"
        }
      },
      "expired_already": {
        "value": {
          "type": "/docs/errors/expired_already",
          "title": "Срок уже прошёл",
          "status": 422,
          "code": "expired_already",
          "detail": "expires_at уже прошло",
          "instance": "urn:request:req_05R8Z6K3M0W00",
          "errors": [{"pointer": "/expires_at", "code": "expired_already", "detail": "expires_at уже прошло"}],
          "retryable": false,
          "request_id": "req_05R8Z6K3M0W00"
        }
      },
      "forbidden_scope": {
        "value": {
          "type": "/docs/errors/forbidden_scope",
          "title": "Ключу это не разрешено",
          "status": 403,
          "code": "forbidden_scope",
          "detail": "у ключа нет права messages:write; права называют при создании: vestnik keys create --scope",
          "instance": "urn:request:req_05R8Z6K3M0W00",
          "errors": [],
          "retryable": false,
          "request_id": "req_05R8Z6K3M0W00"
        }
      },
      "idempotency_in_progress": {
        "value": {
          "type": "/docs/errors/idempotency_in_progress",
          "title": "Запрос с этим ключом ещё выполняется",
          "status": 409,
          "code": "idempotency_in_progress",
          "detail": "запрос с этим ключом ещё выполняется, повторите через 1 с",
          "instance": "urn:request:req_05R8Z6K3M0W00",
          "errors": [],
          "retryable": true,
          "request_id": "req_05R8Z6K3M0W00"
        }
      },
      "idempotency_key_missing": {
        "value": {
          "type": "/docs/errors/idempotency_key_missing",
          "title": "Нужен ключ идемпотентности",
          "status": 400,
          "code": "idempotency_key_missing",
          "detail": "нужен заголовок Idempotency-Key: с ним повтор запроса не станет вторым сообщением",
          "instance": "urn:request:req_05R8Z6K3M0W00",
          "errors": [],
          "retryable": false,
          "request_id": "req_05R8Z6K3M0W00"
        }
      },
      "idempotency_key_reused": {
        "value": {
          "type": "/docs/errors/idempotency_key_reused",
          "title": "Ключ уже занят другим запросом",
          "status": 422,
          "code": "idempotency_key_reused",
          "detail": "с этим ключом уже принято другое сообщение, msg_05R8Z6K3M0W00",
          "instance": "urn:request:req_05R8Z6K3M0W00",
          "errors": [],
          "retryable": false,
          "request_id": "req_05R8Z6K3M0W00"
        }
      },
      "internal": {
        "value": {
          "type": "/docs/errors/internal",
          "title": "Внутренняя ошибка",
          "status": 500,
          "code": "internal",
          "detail": "внутренняя ошибка; назовите администратору request_id",
          "instance": "urn:request:req_05R8Z6K3M0W00",
          "errors": [],
          "retryable": true,
          "request_id": "req_05R8Z6K3M0W00"
        }
      },
      "invalid_email": {
        "value": {
          "type": "/docs/errors/invalid_email",
          "title": "Неверный адрес почты",
          "status": 422,
          "code": "invalid_email",
          "detail": "это не адрес почты вида имя@домен",
          "instance": "urn:request:req_05R8Z6K3M0W00",
          "errors": [{"pointer": "/to/email", "code": "invalid_email", "detail": "это не адрес почты вида имя@домен"}],
          "retryable": false,
          "request_id": "req_05R8Z6K3M0W00"
        }
      },
      "invalid_json": {
        "value": {
          "type": "/docs/errors/invalid_json",
          "title": "Тело запроса не читается",
          "status": 400,
          "code": "invalid_json",
          "detail": "не JSON: байт 17",
          "instance": "urn:request:req_05R8Z6K3M0W00",
          "errors": [],
          "retryable": false,
          "request_id": "req_05R8Z6K3M0W00"
        }
      },
      "invalid_json_422": {
        "value": {
          "type": "/docs/errors/invalid_json",
          "title": "Тело запроса не читается",
          "status": 422,
          "code": "invalid_json",
          "detail": "не JSON: байт 17",
          "instance": "urn:request:req_05R8Z6K3M0W00",
          "errors": [],
          "retryable": false,
          "request_id": "req_05R8Z6K3M0W00"
        }
      },
      "invalid_phone": {
        "value": {
          "type": "/docs/errors/invalid_phone",
          "title": "Неверный телефон",
          "status": 422,
          "code": "invalid_phone",
          "detail": "в телефоне 9 цифр, нужно 11",
          "instance": "urn:request:req_05R8Z6K3M0W00",
          "errors": [{"pointer": "/to/sms", "code": "invalid_phone", "detail": "в телефоне 9 цифр, нужно 11"}],
          "retryable": false,
          "request_id": "req_05R8Z6K3M0W00"
        }
      },
      "invalid_value": {
        "value": {
          "type": "/docs/errors/invalid_value",
          "title": "Неверное значение",
          "status": 422,
          "code": "invalid_value",
          "detail": "нужно время 2026-12-15T21:00:00+03:00",
          "instance": "urn:request:req_05R8Z6K3M0W00",
          "errors": [
            {"pointer": "/send_at", "code": "invalid_value", "detail": "нужно время 2026-12-15T21:00:00+03:00"}
          ],
          "retryable": false,
          "request_id": "req_05R8Z6K3M0W00"
        }
      },
      "invalid_value_400": {
        "value": {
          "type": "/docs/errors/invalid_value",
          "title": "Неверное значение",
          "status": 400,
          "code": "invalid_value",
          "detail": "нужно время 2026-12-15T21:00:00+03:00",
          "instance": "urn:request:req_05R8Z6K3M0W00",
          "errors": [
            {"pointer": "/send_at", "code": "invalid_value", "detail": "нужно время 2026-12-15T21:00:00+03:00"}
          ],
          "retryable": false,
          "request_id": "req_05R8Z6K3M0W00"
        }
      },
      "invalid_value_400_query": {
        "value": {
          "type": "/docs/errors/invalid_value",
          "title": "Неверное значение",
          "status": 400,
          "code": "invalid_value",
          "detail": "нужно число от 1 до 250",
          "instance": "urn:request:req_05R8Z6K3M0W00",
          "errors": [{"pointer": "?limit", "code": "invalid_value", "detail": "нужно число от 1 до 250"}],
          "retryable": false,
          "request_id": "req_05R8Z6K3M0W00"
        }
      },
      "missing_variable": {
        "value": {
          "type": "/docs/errors/missing_variable",
          "title": "В шаблоне не хватает данных",
          "status": 422,
          "code": "missing_variable",
          "detail": "нужна переменная amount",
          "instance": "urn:request:req_05R8Z6K3M0W00",
          "errors": [{"pointer": "/variables/amount", "code": "missing_variable", "detail": "нужна переменная amount"}],
          "retryable": false,
          "request_id": "req_05R8Z6K3M0W00"
        }
      },
      "not_cancellable": {
        "value": {
          "type": "/docs/errors/not_cancellable",
          "title": "Отменить нельзя",
          "status": 409,
          "code": "not_cancellable",
          "detail": "сообщение уже не в очереди (sent), отменить нельзя",
          "instance": "urn:request:req_05R8Z6K3M0W00",
          "errors": [],
          "retryable": false,
          "request_id": "req_05R8Z6K3M0W00"
        }
      },
      "not_found": {
        "value": {
          "type": "/docs/errors/not_found",
          "title": "Не найдено",
          "status": 404,
          "code": "not_found",
          "detail": "здесь ничего нет",
          "instance": "urn:request:req_05R8Z6K3M0W00",
          "errors": [],
          "retryable": false,
          "request_id": "req_05R8Z6K3M0W00"
        }
      },
      "payload_too_large": {
        "value": {
          "type": "/docs/errors/payload_too_large",
          "title": "Тело слишком большое",
          "status": 413,
          "code": "payload_too_large",
          "detail": "тело больше 256 KiB: разделите запрос или пришлите пакет по частям",
          "instance": "urn:request:req_05R8Z6K3M0W00",
          "errors": [],
          "retryable": false,
          "request_id": "req_05R8Z6K3M0W00"
        }
      },
      "precondition_failed": {
        "value": {
          "type": "/docs/errors/precondition_failed",
          "title": "Данные изменились",
          "status": 412,
          "code": "precondition_failed",
          "detail": "подходит 41 сообщение, а не 40: посмотрите список ещё раз",
          "instance": "urn:request:req_05R8Z6K3M0W00",
          "errors": [],
          "retryable": false,
          "request_id": "req_05R8Z6K3M0W00"
        }
      },
      "queue_full": {
        "value": {
          "type": "/docs/errors/queue_full",
          "title": "Очередь полна",
          "status": 503,
          "code": "queue_full",
          "detail": "очередь полна: ничего не принято и ничего не потеряно, повторите позже",
          "instance": "urn:request:req_05R8Z6K3M0W00",
          "errors": [],
          "retryable": true,
          "request_id": "req_05R8Z6K3M0W00"
        }
      },
      "quota_exceeded": {
        "value": {
          "type": "/docs/errors/quota_exceeded",
          "title": "Слишком много запросов",
          "status": 429,
          "code": "quota_exceeded",
          "detail": "слишком много запросов с этим ключом; повторите через 1 с",
          "instance": "urn:request:req_05R8Z6K3M0W00",
          "errors": [],
          "retryable": true,
          "request_id": "req_05R8Z6K3M0W00"
        }
      },
      "required": {
        "value": {
          "type": "/docs/errors/required",
          "title": "Не хватает поля",
          "status": 422,
          "code": "required",
          "detail": "нужно поле template",
          "instance": "urn:request:req_05R8Z6K3M0W00",
          "errors": [{"pointer": "/template", "code": "required", "detail": "нужно поле template"}],
          "retryable": false,
          "request_id": "req_05R8Z6K3M0W00"
        }
      },
      "storage_full": {
        "value": {
          "type": "/docs/errors/storage_full",
          "title": "Нет места на диске",
          "status": 503,
          "code": "storage_full",
          "detail": "на диске нет места: ничего не принято и ничего не потеряно, повторите позже",
          "instance": "urn:request:req_05R8Z6K3M0W00",
          "errors": [],
          "retryable": true,
          "request_id": "req_05R8Z6K3M0W00"
        }
      },
      "text_too_long": {
        "value": {
          "type": "/docs/errors/text_too_long",
          "title": "Текст слишком длинный",
          "status": 422,
          "code": "text_too_long",
          "detail": "SMS из 9 частей, можно 6",
          "instance": "urn:request:req_05R8Z6K3M0W00",
          "errors": [{"pointer": "/variables/where", "code": "text_too_long", "detail": "SMS из 9 частей, можно 6"}],
          "retryable": false,
          "request_id": "req_05R8Z6K3M0W00"
        }
      },
      "unauthorized": {
        "value": {
          "type": "/docs/errors/unauthorized",
          "title": "Нужен ключ доступа",
          "status": 401,
          "code": "unauthorized",
          "detail": "нужен действующий ключ в заголовке Authorization: Bearer vk_…; ключи выдаёт vestnik keys create",
          "instance": "urn:request:req_05R8Z6K3M0W00",
          "errors": [],
          "retryable": false,
          "request_id": "req_05R8Z6K3M0W00"
        }
      },
      "unknown_field": {
        "value": {
          "type": "/docs/errors/unknown_field",
          "title": "Неизвестное поле",
          "status": 400,
          "code": "unknown_field",
          "detail": "такого поля нет; может быть, template?",
          "instance": "urn:request:req_05R8Z6K3M0W00",
          "errors": [
            {"pointer": "/templat", "code": "unknown_field", "detail": "такого поля нет; может быть, template?"}
          ],
          "retryable": false,
          "request_id": "req_05R8Z6K3M0W00"
        }
      },
      "unknown_field_422": {
        "value": {
          "type": "/docs/errors/unknown_field",
          "title": "Неизвестное поле",
          "status": 422,
          "code": "unknown_field",
          "detail": "такого поля нет; может быть, template?",
          "instance": "urn:request:req_05R8Z6K3M0W00",
          "errors": [
            {"pointer": "/templat", "code": "unknown_field", "detail": "такого поля нет; может быть, template?"}
          ],
          "retryable": false,
          "request_id": "req_05R8Z6K3M0W00"
        }
      },
      "unknown_field_query": {
        "value": {
          "type": "/docs/errors/unknown_field",
          "title": "Неизвестное поле",
          "status": 400,
          "code": "unknown_field",
          "detail": "такого параметра нет; может быть, limit?",
          "instance": "urn:request:req_05R8Z6K3M0W00",
          "errors": [{"pointer": "?", "code": "unknown_field", "detail": "такого параметра нет; может быть, limit?"}],
          "retryable": false,
          "request_id": "req_05R8Z6K3M0W00"
        }
      },
      "unknown_purpose": {
        "value": {
          "type": "/docs/errors/unknown_purpose",
          "title": "Нет такой цели",
          "status": 422,
          "code": "unknown_purpose",
          "detail": "цели «payment» нет; может быть, payment_reminder?",
          "instance": "urn:request:req_05R8Z6K3M0W00",
          "errors": [
            {
              "pointer": "/purpose",
              "code": "unknown_purpose",
              "detail": "цели «payment» нет; может быть, payment_reminder?"
            }
          ],
          "retryable": false,
          "request_id": "req_05R8Z6K3M0W00"
        }
      },
      "unknown_recipient": {
        "value": {
          "type": "/docs/errors/unknown_recipient",
          "title": "Нет такого получателя",
          "status": 422,
          "code": "unknown_recipient",
          "detail": "получателя ls:0045-12 нет",
          "instance": "urn:request:req_05R8Z6K3M0W00",
          "errors": [{"pointer": "/to/recipient", "code": "unknown_recipient", "detail": "получателя ls:0045-12 нет"}],
          "retryable": false,
          "request_id": "req_05R8Z6K3M0W00"
        }
      },
      "unknown_template": {
        "value": {
          "type": "/docs/errors/unknown_template",
          "title": "Нет такого шаблона",
          "status": 422,
          "code": "unknown_template",
          "detail": "шаблона «payment-remind» нет; может быть, payment-reminder?",
          "instance": "urn:request:req_05R8Z6K3M0W00",
          "errors": [
            {
              "pointer": "/template",
              "code": "unknown_template",
              "detail": "шаблона «payment-remind» нет; может быть, payment-reminder?"
            }
          ],
          "retryable": false,
          "request_id": "req_05R8Z6K3M0W00"
        }
      },
      "unsupported_media_type": {
        "value": {
          "type": "/docs/errors/unsupported_media_type",
          "title": "Неподдерживаемый тип тела",
          "status": 415,
          "code": "unsupported_media_type",
          "detail": "нужен заголовок Content-Type: application/json",
          "instance": "urn:request:req_05R8Z6K3M0W00",
          "errors": [],
          "retryable": false,
          "request_id": "req_05R8Z6K3M0W00"
        }
      },
      "precondition_failed_428": {
        "value": {
          "type": "/docs/errors/precondition_failed",
          "title": "Данные изменились",
          "status": 428,
          "code": "precondition_failed",
          "detail": "подходит 41 сообщение, а не 40: посмотрите список ещё раз",
          "instance": "urn:request:req_05R8Z6K3M0W00",
          "errors": [],
          "retryable": false,
          "request_id": "req_05R8Z6K3M0W00"
        }
      }
    },
    "responses": {
      "Unauthorized": {
        "description": "Нет ключа, или он не действует. · No key, or it is not valid.",
        "x-codes": ["unauthorized"],
        "headers": {
          "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
          "WWW-Authenticate": {"schema": {"const": "Bearer"}}
        },
        "content": {
          "application/problem+json": {
            "schema": {
              "allOf": [
                {"$ref": "#/components/schemas/Problem"},
                {"properties": {"status": {"const": 401}, "code": {"enum": ["unauthorized"]}}}
              ]
            },
            "examples": {"unauthorized": {"$ref": "#/components/examples/unauthorized"}}
          }
        }
      },
      "Forbidden": {
        "description": "Ключу это не разрешено. · The key may not do this.",
        "x-codes": ["forbidden_scope"],
        "headers": {
          "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
          "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
          "RateLimit": {"$ref": "#/components/headers/RateLimit"}
        },
        "content": {
          "application/problem+json": {
            "schema": {
              "allOf": [
                {"$ref": "#/components/schemas/Problem"},
                {"properties": {"status": {"const": 403}, "code": {"enum": ["forbidden_scope"]}}}
              ]
            },
            "examples": {"forbidden_scope": {"$ref": "#/components/examples/forbidden_scope"}}
          }
        }
      },
      "TooMany": {
        "description": "Слишком часто, или исчерпан дневной предел ключа. · Too often, or the daily cap of the key is reached.",
        "x-codes": ["quota_exceeded"],
        "headers": {
          "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
          "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
          "RateLimit": {"$ref": "#/components/headers/RateLimit"},
          "Retry-After": {"$ref": "#/components/headers/RetryAfter"}
        },
        "content": {
          "application/problem+json": {
            "schema": {
              "allOf": [
                {"$ref": "#/components/schemas/Problem"},
                {"properties": {"status": {"const": 429}, "code": {"enum": ["quota_exceeded"]}}}
              ]
            },
            "examples": {"quota_exceeded": {"$ref": "#/components/examples/quota_exceeded"}}
          }
        }
      },
      "Internal": {
        "description": "Ошибка у нас; назовите request_id. · A fault of ours; tell us request_id.",
        "x-codes": ["internal"],
        "headers": {
          "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
          "Retry-After": {"$ref": "#/components/headers/RetryAfter"}
        },
        "content": {
          "application/problem+json": {
            "schema": {
              "allOf": [
                {"$ref": "#/components/schemas/Problem"},
                {"properties": {"status": {"const": 500}, "code": {"enum": ["internal"]}}}
              ]
            },
            "examples": {"internal": {"$ref": "#/components/examples/internal"}}
          }
        }
      },
      "Unavailable": {
        "description": "Принять сейчас нельзя; ничего не потеряно, повторите после Retry-After. · Nothing can be taken now and nothing is lost; repeat after Retry-After.",
        "x-codes": ["storage_full", "internal"],
        "headers": {
          "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
          "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
          "RateLimit": {"$ref": "#/components/headers/RateLimit"},
          "Retry-After": {"$ref": "#/components/headers/RetryAfter"}
        },
        "content": {
          "application/problem+json": {
            "schema": {
              "allOf": [
                {"$ref": "#/components/schemas/Problem"},
                {"properties": {"status": {"const": 503}, "code": {"enum": ["storage_full", "internal"]}}}
              ]
            },
            "examples": {"storage_full": {"$ref": "#/components/examples/storage_full"}}
          }
        }
      },
      "Slow": {
        "description": "Запрос шёл слишком долго; соединение закрыто. · The request took too long; the connection is closed.",
        "x-codes": ["request_timeout"],
        "headers": {"X-Request-Id": {"$ref": "#/components/headers/RequestId"}},
        "content": {
          "application/problem+json": {
            "schema": {
              "allOf": [
                {"$ref": "#/components/schemas/Problem"},
                {"properties": {"status": {"const": 408}, "code": {"enum": ["request_timeout"]}}}
              ]
            }
          }
        }
      },
      "HeadTooLarge": {
        "description": "Заголовки больше предела; соединение закрыто. · The headers are over the limit; the connection is closed.",
        "x-codes": ["payload_too_large"],
        "headers": {"X-Request-Id": {"$ref": "#/components/headers/RequestId"}},
        "content": {
          "application/problem+json": {
            "schema": {
              "allOf": [
                {"$ref": "#/components/schemas/Problem"},
                {"properties": {"status": {"const": 431}, "code": {"enum": ["payload_too_large"]}}}
              ]
            }
          }
        }
      },
      "TooLarge": {
        "description": "Тело больше предела. · The body is over the limit.",
        "x-codes": ["payload_too_large"],
        "headers": {
          "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
          "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
          "RateLimit": {"$ref": "#/components/headers/RateLimit"}
        },
        "content": {
          "application/problem+json": {
            "schema": {
              "allOf": [
                {"$ref": "#/components/schemas/Problem"},
                {"properties": {"status": {"const": 413}, "code": {"enum": ["payload_too_large"]}}}
              ]
            },
            "examples": {"payload_too_large": {"$ref": "#/components/examples/payload_too_large"}}
          }
        }
      },
      "WrongType": {
        "description": "Не тот тип тела. · Not the media type that is needed.",
        "x-codes": ["unsupported_media_type"],
        "headers": {
          "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
          "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
          "RateLimit": {"$ref": "#/components/headers/RateLimit"}
        },
        "content": {
          "application/problem+json": {
            "schema": {
              "allOf": [
                {"$ref": "#/components/schemas/Problem"},
                {"properties": {"status": {"const": 415}, "code": {"enum": ["unsupported_media_type"]}}}
              ]
            },
            "examples": {"unsupported_media_type": {"$ref": "#/components/examples/unsupported_media_type"}}
          }
        }
      },
      "Full": {
        "description": "Принять сейчас нельзя; ничего не потеряно, повторите после Retry-After. · Nothing can be taken now and nothing is lost; repeat after Retry-After.",
        "x-codes": ["queue_full", "storage_full", "internal"],
        "headers": {
          "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
          "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
          "RateLimit": {"$ref": "#/components/headers/RateLimit"},
          "Retry-After": {"$ref": "#/components/headers/RetryAfter"}
        },
        "content": {
          "application/problem+json": {
            "schema": {
              "allOf": [
                {"$ref": "#/components/schemas/Problem"},
                {
                  "properties": {
                    "status": {"const": 503},
                    "code": {"enum": ["queue_full", "storage_full", "internal"]}
                  }
                }
              ]
            },
            "examples": {
              "queue_full": {"$ref": "#/components/examples/queue_full"},
              "storage_full": {"$ref": "#/components/examples/storage_full"}
            }
          }
        }
      },
      "BadQuery": {
        "description": "Запрос не читается. · The request cannot be read.",
        "x-codes": ["unknown_field", "invalid_value"],
        "headers": {
          "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
          "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
          "RateLimit": {"$ref": "#/components/headers/RateLimit"}
        },
        "content": {
          "application/problem+json": {
            "schema": {
              "allOf": [
                {"$ref": "#/components/schemas/Problem"},
                {"properties": {"status": {"const": 400}, "code": {"enum": ["unknown_field", "invalid_value"]}}}
              ]
            },
            "examples": {
              "unknown_field": {"$ref": "#/components/examples/unknown_field_query"},
              "invalid_value": {"$ref": "#/components/examples/invalid_value_400_query"}
            }
          }
        }
      },
      "BadBody": {
        "description": "Запрос не читается. · The request cannot be read.",
        "x-codes": ["invalid_json", "unknown_field", "invalid_value"],
        "headers": {
          "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
          "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
          "RateLimit": {"$ref": "#/components/headers/RateLimit"}
        },
        "content": {
          "application/problem+json": {
            "schema": {
              "allOf": [
                {"$ref": "#/components/schemas/Problem"},
                {
                  "properties": {
                    "status": {"const": 400},
                    "code": {"enum": ["invalid_json", "unknown_field", "invalid_value"]}
                  }
                }
              ]
            },
            "examples": {
              "invalid_json": {"$ref": "#/components/examples/invalid_json"},
              "unknown_field": {"$ref": "#/components/examples/unknown_field"},
              "invalid_value": {"$ref": "#/components/examples/invalid_value_400"}
            }
          }
        }
      },
      "NotFound": {
        "description": "Такого нет, или оно чужое. · No such thing, or it is somebody else's.",
        "x-codes": ["not_found"],
        "headers": {
          "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
          "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
          "RateLimit": {"$ref": "#/components/headers/RateLimit"}
        },
        "content": {
          "application/problem+json": {
            "schema": {
              "allOf": [
                {"$ref": "#/components/schemas/Problem"},
                {"properties": {"status": {"const": 404}, "code": {"enum": ["not_found"]}}}
              ]
            },
            "examples": {"not_found": {"$ref": "#/components/examples/not_found"}}
          }
        }
      },
      "BadAddress": {
        "description": "Запрос понятен, но выполнить его нельзя; в errors всё, что не так. · Understood, and cannot be done; errors lists everything that is wrong.",
        "x-codes": ["required", "invalid_phone", "invalid_email", "invalid_value"],
        "headers": {
          "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
          "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
          "RateLimit": {"$ref": "#/components/headers/RateLimit"}
        },
        "content": {
          "application/problem+json": {
            "schema": {
              "allOf": [
                {"$ref": "#/components/schemas/Problem"},
                {
                  "properties": {
                    "status": {"const": 422},
                    "code": {"enum": ["required", "invalid_phone", "invalid_email", "invalid_value"]}
                  }
                }
              ]
            },
            "examples": {
              "required": {"$ref": "#/components/examples/required"},
              "invalid_phone": {"$ref": "#/components/examples/invalid_phone"},
              "invalid_email": {"$ref": "#/components/examples/invalid_email"},
              "invalid_value": {"$ref": "#/components/examples/invalid_value"}
            }
          }
        }
      },
      "Refused422": {
        "description": "Запрос понятен, но выполнить его нельзя; в errors всё, что не так. · Understood, and cannot be done; errors lists everything that is wrong.",
        "x-codes": ["invalid_value"],
        "headers": {
          "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
          "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
          "RateLimit": {"$ref": "#/components/headers/RateLimit"}
        },
        "content": {
          "application/problem+json": {
            "schema": {
              "allOf": [
                {"$ref": "#/components/schemas/Problem"},
                {"properties": {"status": {"const": 422}, "code": {"enum": ["invalid_value"]}}}
              ]
            },
            "examples": {"invalid_value": {"$ref": "#/components/examples/invalid_value"}}
          }
        }
      },
      "BadConsent": {
        "description": "Запрос понятен, но выполнить его нельзя; в errors всё, что не так. · Understood, and cannot be done; errors lists everything that is wrong.",
        "x-codes": ["required", "invalid_value", "unknown_purpose", "unknown_recipient"],
        "headers": {
          "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
          "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
          "RateLimit": {"$ref": "#/components/headers/RateLimit"}
        },
        "content": {
          "application/problem+json": {
            "schema": {
              "allOf": [
                {"$ref": "#/components/schemas/Problem"},
                {
                  "properties": {
                    "status": {"const": 422},
                    "code": {"enum": ["required", "invalid_value", "unknown_purpose", "unknown_recipient"]}
                  }
                }
              ]
            },
            "examples": {
              "required": {"$ref": "#/components/examples/required"},
              "invalid_value": {"$ref": "#/components/examples/invalid_value"},
              "unknown_purpose": {"$ref": "#/components/examples/unknown_purpose"},
              "unknown_recipient": {"$ref": "#/components/examples/unknown_recipient"}
            }
          }
        }
      },
      "BadFields": {
        "description": "Запрос понятен, но выполнить его нельзя; в errors всё, что не так. · Understood, and cannot be done; errors lists everything that is wrong.",
        "x-codes": ["required", "invalid_value"],
        "headers": {
          "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
          "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
          "RateLimit": {"$ref": "#/components/headers/RateLimit"}
        },
        "content": {
          "application/problem+json": {
            "schema": {
              "allOf": [
                {"$ref": "#/components/schemas/Problem"},
                {"properties": {"status": {"const": 422}, "code": {"enum": ["required", "invalid_value"]}}}
              ]
            },
            "examples": {
              "required": {"$ref": "#/components/examples/required"},
              "invalid_value": {"$ref": "#/components/examples/invalid_value"}
            }
          }
        }
      },
      "Stale": {
        "description": "Их уже не столько: ничего не сделано. · Their number has changed: nothing was done.",
        "x-codes": ["preview_stale"],
        "headers": {
          "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
          "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
          "RateLimit": {"$ref": "#/components/headers/RateLimit"}
        },
        "content": {
          "application/problem+json": {
            "schema": {
              "allOf": [
                {"$ref": "#/components/schemas/Problem"},
                {"properties": {"status": {"const": 409}, "code": {"enum": ["preview_stale"]}}}
              ]
            },
            "examples": {"preview_stale": {"$ref": "#/components/examples/preview_stale"}}
          }
        }
      },
      "Changed": {
        "description": "Данные изменились с тех пор, как вы их видели. · The data has changed since you saw it.",
        "x-codes": ["precondition_failed"],
        "headers": {
          "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
          "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
          "RateLimit": {"$ref": "#/components/headers/RateLimit"}
        },
        "content": {
          "application/problem+json": {
            "schema": {
              "allOf": [
                {"$ref": "#/components/schemas/Problem"},
                {"properties": {"status": {"const": 412}, "code": {"enum": ["precondition_failed"]}}}
              ]
            },
            "examples": {"precondition_failed": {"$ref": "#/components/examples/precondition_failed"}}
          }
        }
      },
      "BadOrder": {
        "description": "Запрос понятен, но выполнить его нельзя; в errors всё, что не так. · Understood, and cannot be done; errors lists everything that is wrong.",
        "x-codes": ["required", "invalid_value", "unknown_purpose"],
        "headers": {
          "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
          "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
          "RateLimit": {"$ref": "#/components/headers/RateLimit"}
        },
        "content": {
          "application/problem+json": {
            "schema": {
              "allOf": [
                {"$ref": "#/components/schemas/Problem"},
                {
                  "properties": {
                    "status": {"const": 422},
                    "code": {"enum": ["required", "invalid_value", "unknown_purpose"]}
                  }
                }
              ]
            },
            "examples": {
              "required": {"$ref": "#/components/examples/required"},
              "invalid_value": {"$ref": "#/components/examples/invalid_value"},
              "unknown_purpose": {"$ref": "#/components/examples/unknown_purpose"}
            }
          }
        }
      },
      "BadQuery2": {
        "description": "Запрос не читается. · The request cannot be read.",
        "x-codes": ["unknown_field", "invalid_value"],
        "headers": {"X-Request-Id": {"$ref": "#/components/headers/RequestId"}},
        "content": {
          "application/problem+json": {
            "schema": {
              "allOf": [
                {"$ref": "#/components/schemas/Problem"},
                {"properties": {"status": {"const": 400}, "code": {"enum": ["unknown_field", "invalid_value"]}}}
              ]
            },
            "examples": {
              "unknown_field": {"$ref": "#/components/examples/unknown_field_query"},
              "invalid_value": {"$ref": "#/components/examples/invalid_value_400_query"}
            }
          }
        }
      },
      "Unseen": {
        "description": "Нужен If-Match. · If-Match is needed.",
        "x-codes": ["precondition_failed"],
        "headers": {
          "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
          "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
          "RateLimit": {"$ref": "#/components/headers/RateLimit"}
        },
        "content": {
          "application/problem+json": {
            "schema": {
              "allOf": [
                {"$ref": "#/components/schemas/Problem"},
                {"properties": {"status": {"const": 428}, "code": {"enum": ["precondition_failed"]}}}
              ]
            },
            "examples": {"precondition_failed": {"$ref": "#/components/examples/precondition_failed_428"}}
          }
        }
      }
    },
    "schemas": {
      "Cursor": {
        "type": ["string", "null"],
        "description": "Передайте как after, чтобы получить следующую страницу; null — дальше ничего нет. · Pass it as after for the next page; null: there is nothing more.",
        "examples": ["msg_05R8Z6K3M0W00", null]
      },
      "Channel": {
        "type": "string",
        "enum": ["sms", "email", "max", "max_chat", "telegram", "vk", "push", "voice", "paper"]
      },
      "Status": {
        "type": "string",
        "enum": [
          "queued",
          "sending",
          "sent",
          "unconfirmed",
          "delivered",
          "failed",
          "suppressed",
          "expired",
          "cancelled"
        ],
        "description": "Последние пять — окончательные. · The last five are final."
      },
      "HeldReason": {
        "type": "string",
        "enum": [
          "send_at",
          "quiet_hours",
          "contact_limit",
          "backoff",
          "provider_paused",
          "rate_limit",
          "broadcast_paused",
          "awaiting_report"
        ],
        "description": "Чего ждёт сообщение до due_at. · What the message waits for until due_at."
      },
      "Priority": {"type": "string", "enum": ["emergency", "high", "normal", "bulk"]},
      "To": {
        "description": "Либо получатель из книги, либо адреса. · Either a recipient of the book, or addresses.",
        "oneOf": [{"$ref": "#/components/schemas/ToRecipient"}, {"$ref": "#/components/schemas/ToAddresses"}]
      },
      "ToRecipient": {
        "type": "object",
        "required": ["recipient"],
        "properties": {"recipient": {"type": "string", "minLength": 1, "maxLength": 128, "examples": ["ls:0045-12"]}},
        "additionalProperties": false
      },
      "ToAddresses": {
        "type": "object",
        "properties": {
          "sms": {
            "type": ["string", "null"],
            "description": "+7…, 8 (9xx) …; страны +7.",
            "examples": ["+79001234567"]
          },
          "email": {"type": ["string", "null"], "examples": ["kv12@example.ru"]},
          "max": {"type": ["string", "integer", "null"], "examples": ["5001234"]},
          "max_chat": {"type": ["string", "integer", "null"], "examples": ["-70000000012345"]},
          "telegram": {"type": ["string", "integer", "null"], "examples": ["5001234"]},
          "vk": {"type": ["string", "integer", "null"], "examples": ["5001234"]}
        },
        "additionalProperties": false,
        "minProperties": 1
      },
      "Variables": {
        "type": "object",
        "description": "Что просит шаблон. Числа и деньги — строкой. · What the template asks for. Numbers and money as text.",
        "additionalProperties": {
          "anyOf": [
            {"type": ["string", "boolean", "null"]},
            {
              "type": "array",
              "items": {"type": "object", "additionalProperties": {"type": ["string", "boolean", "null"]}}
            }
          ]
        }
      },
      "Fallback": {
        "type": "object",
        "required": ["after", "if"],
        "properties": {
          "after": {"type": "string", "pattern": "^[0-9]{1,6}[smhd]$", "description": "1m … 7d", "examples": ["2h"]},
          "if": {"const": "not_delivered"}
        },
        "additionalProperties": false
      },
      "Condition": {
        "type": "object",
        "required": ["account", "if"],
        "properties": {
          "account": {"type": "string", "minLength": 1, "maxLength": 128, "examples": ["0045-12"]},
          "if": {
            "type": "string",
            "pattern": "^balance *(>=|<=|!=|>|<|=) *-?[0-9]+(\\.[0-9]{1,2})?$",
            "examples": ["balance > 0"]
          }
        },
        "additionalProperties": false,
        "description": "Спрашивается в последний момент перед отправкой; ложно — suppressed: condition_false. · Asked at the last moment; false ends as suppressed: condition_false."
      },
      "Attachment": {
        "type": "object",
        "required": ["name", "type", "content"],
        "properties": {
          "name": {"type": "string", "minLength": 1, "maxLength": 255},
          "type": {"enum": ["application/pdf", "image/jpeg", "image/png"]},
          "content": {"type": "string", "minLength": 1, "contentEncoding": "base64"}
        },
        "additionalProperties": false
      },
      "Metadata": {
        "type": "object",
        "maxProperties": 50,
        "propertyNames": {"minLength": 1, "maxLength": 64},
        "additionalProperties": {"type": ["string", "null"], "minLength": 1, "maxLength": 500}
      },
      "MessageRequest": {
        "type": "object",
        "required": ["template", "to"],
        "properties": {
          "purpose": {
            "type": ["string", "null"],
            "pattern": "^[a-z0-9_]{1,64}$",
            "description": "Без неё — цель шаблона. · The template's own without it."
          },
          "template": {"type": "string", "minLength": 1, "maxLength": 64},
          "to": {"$ref": "#/components/schemas/To"},
          "variables": {"anyOf": [{"$ref": "#/components/schemas/Variables"}, {"type": "null"}]},
          "channels": {
            "type": ["array", "null"],
            "items": {"$ref": "#/components/schemas/Channel"},
            "minItems": 1,
            "uniqueItems": true,
            "description": "В этом порядке. · In this order."
          },
          "fallback": {"anyOf": [{"$ref": "#/components/schemas/Fallback"}, {"type": "null"}]},
          "locale": {"type": ["string", "null"], "pattern": "^[A-Za-z0-9]{2,3}(-[A-Za-z0-9]{1,8})*$", "maxLength": 35},
          "send_at": {"type": ["string", "null"], "format": "date-time"},
          "expires_at": {"type": ["string", "null"], "format": "date-time"},
          "priority": {"enum": ["emergency", "high", "normal", "bulk", null]},
          "thread": {"type": ["string", "null"], "minLength": 1, "maxLength": 255},
          "supersedes": {
            "type": ["string", "null"],
            "minLength": 1,
            "maxLength": 255,
            "description": "Ещё не отправленные сообщения с этим ключом уступают этому. · Messages still queued with this key give way to this one."
          },
          "condition": {"anyOf": [{"$ref": "#/components/schemas/Condition"}, {"type": "null"}]},
          "attachments": {
            "type": ["array", "null"],
            "items": {"$ref": "#/components/schemas/Attachment"},
            "maxItems": 10
          },
          "reference": {
            "type": ["string", "null"],
            "minLength": 1,
            "maxLength": 255,
            "description": "Ваш номер; по нему ищут. · Your own number, to be found by."
          },
          "metadata": {"anyOf": [{"$ref": "#/components/schemas/Metadata"}, {"type": "null"}]},
          "dry_run": {"type": ["boolean", "null"]},
          "idempotency_key": {
            "type": ["string", "null"],
            "minLength": 1,
            "maxLength": 255,
            "description": "То же, что заголовок Idempotency-Key. · The same as the header Idempotency-Key."
          }
        },
        "additionalProperties": false
      },
      "MessageDefaults": {
        "type": "object",
        "properties": {
          "purpose": {
            "type": ["string", "null"],
            "pattern": "^[a-z0-9_]{1,64}$",
            "description": "Без неё — цель шаблона. · The template's own without it."
          },
          "template": {"type": "string", "minLength": 1, "maxLength": 64},
          "to": {"$ref": "#/components/schemas/To"},
          "variables": {"anyOf": [{"$ref": "#/components/schemas/Variables"}, {"type": "null"}]},
          "channels": {
            "type": ["array", "null"],
            "items": {"$ref": "#/components/schemas/Channel"},
            "minItems": 1,
            "uniqueItems": true,
            "description": "В этом порядке. · In this order."
          },
          "fallback": {"anyOf": [{"$ref": "#/components/schemas/Fallback"}, {"type": "null"}]},
          "locale": {"type": ["string", "null"], "pattern": "^[A-Za-z0-9]{2,3}(-[A-Za-z0-9]{1,8})*$", "maxLength": 35},
          "send_at": {"type": ["string", "null"], "format": "date-time"},
          "expires_at": {"type": ["string", "null"], "format": "date-time"},
          "priority": {"enum": ["emergency", "high", "normal", "bulk", null]},
          "thread": {"type": ["string", "null"], "minLength": 1, "maxLength": 255},
          "supersedes": {
            "type": ["string", "null"],
            "minLength": 1,
            "maxLength": 255,
            "description": "Ещё не отправленные сообщения с этим ключом уступают этому. · Messages still queued with this key give way to this one."
          },
          "condition": {"anyOf": [{"$ref": "#/components/schemas/Condition"}, {"type": "null"}]},
          "attachments": {
            "type": ["array", "null"],
            "items": {"$ref": "#/components/schemas/Attachment"},
            "maxItems": 10
          },
          "reference": {
            "type": ["string", "null"],
            "minLength": 1,
            "maxLength": 255,
            "description": "Ваш номер; по нему ищут. · Your own number, to be found by."
          },
          "metadata": {"anyOf": [{"$ref": "#/components/schemas/Metadata"}, {"type": "null"}]},
          "dry_run": {"type": ["boolean", "null"]}
        },
        "additionalProperties": false,
        "description": "Что не названо в элементе. · What an item does not say itself."
      },
      "BatchRequest": {
        "type": "object",
        "required": ["items"],
        "properties": {
          "items": {
            "type": "array",
            "items": {
              "type": "object",
              "description": "MessageRequest, без того, что есть в defaults. · A MessageRequest, less what defaults says."
            },
            "minItems": 1,
            "maxItems": 10000
          },
          "defaults": {"anyOf": [{"$ref": "#/components/schemas/MessageDefaults"}, {"type": "null"}]},
          "atomic": {"type": ["boolean", "null"]},
          "dry_run": {"type": ["boolean", "null"]}
        },
        "additionalProperties": false
      },
      "TemplateRef": {
        "type": "object",
        "required": ["id", "version"],
        "properties": {
          "id": {"type": "string"},
          "version": {"type": "string", "description": "Хэш содержания. · A hash of the content."}
        }
      },
      "Way": {
        "type": "object",
        "required": ["channel"],
        "properties": {
          "channel": {"$ref": "#/components/schemas/Channel"},
          "provider": {"type": "string"},
          "providers": {"type": "array", "items": {"type": "string"}}
        }
      },
      "Links": {"type": "object", "additionalProperties": {"type": "string"}},
      "Accepted": {
        "type": "object",
        "required": ["id", "status", "template", "plan", "links"],
        "properties": {
          "id": {"type": "string"},
          "status": {"enum": ["queued", "suppressed"]},
          "reason": {"type": "string", "description": "При suppressed. · Of suppressed."},
          "due_at": {"type": "string", "format": "date-time"},
          "held_reason": {"$ref": "#/components/schemas/HeldReason"},
          "purpose": {"type": "string"},
          "template": {"$ref": "#/components/schemas/TemplateRef"},
          "plan": {"type": "array", "items": {"$ref": "#/components/schemas/Way"}},
          "accepted_at": {"type": "string", "format": "date-time"},
          "expires_at": {"type": "string", "format": "date-time"},
          "reference": {"type": "string"},
          "links": {"$ref": "#/components/schemas/Links"}
        }
      },
      "Retried": {
        "type": "object",
        "required": ["id", "status", "retry_of", "links"],
        "properties": {
          "id": {"type": "string"},
          "status": {"$ref": "#/components/schemas/Status"},
          "reason": {"type": "string"},
          "due_at": {"type": "string", "format": "date-time"},
          "held_reason": {"$ref": "#/components/schemas/HeldReason"},
          "retry_of": {"type": "string"},
          "links": {"$ref": "#/components/schemas/Links"}
        }
      },
      "DryRun": {
        "type": "object",
        "required": ["dry_run", "status", "template", "plan", "explanation", "texts"],
        "properties": {
          "dry_run": {"const": true},
          "status": {"$ref": "#/components/schemas/Status"},
          "reason": {"type": "string"},
          "due_at": {"type": "string", "format": "date-time"},
          "held_reason": {"$ref": "#/components/schemas/HeldReason"},
          "purpose": {"type": "string"},
          "template": {"$ref": "#/components/schemas/TemplateRef"},
          "plan": {"type": "array", "items": {"$ref": "#/components/schemas/Way"}},
          "explanation": {
            "type": "array",
            "items": {
              "type": "object",
              "required": ["rule", "result"],
              "properties": {"rule": {"type": "string"}, "result": {"type": "string"}}
            }
          },
          "texts": {"type": "array", "items": {"$ref": "#/components/schemas/RenderedText"}}
        }
      },
      "RenderedText": {
        "type": "object",
        "required": ["channel"],
        "properties": {
          "channel": {"$ref": "#/components/schemas/Channel"},
          "subject": {"type": "string"},
          "text": {"type": "string"},
          "html": {"type": "string"},
          "buttons": {
            "type": "array",
            "items": {
              "type": "object",
              "required": ["title", "url"],
              "properties": {"title": {"type": "string"}, "url": {"type": "string"}}
            }
          },
          "encoding": {"enum": ["gsm7", "ucs2"]},
          "units": {"type": "integer", "minimum": 0},
          "parts": {"type": "integer", "minimum": 0},
          "error": {"type": "string"}
        }
      },
      "BatchAnswer": {
        "type": "object",
        "required": ["accepted", "refused", "data"],
        "properties": {
          "accepted": {"type": "integer", "minimum": 0},
          "refused": {"type": "integer", "minimum": 0},
          "data": {"type": "array", "items": {"$ref": "#/components/schemas/BatchItem"}}
        }
      },
      "BatchItem": {
        "type": "object",
        "required": ["index"],
        "properties": {
          "index": {"type": "integer", "minimum": 0},
          "id": {"type": "string"},
          "status": {"$ref": "#/components/schemas/Status"},
          "reason": {"type": "string"},
          "due_at": {"type": "string", "format": "date-time"},
          "held_reason": {"$ref": "#/components/schemas/HeldReason"},
          "replayed": {
            "const": true,
            "description": "Этот ключ уже был: сообщение то же. · This key was known: the message is the same."
          },
          "problem": {"$ref": "#/components/schemas/Problem"},
          "result": {"$ref": "#/components/schemas/DryRun"}
        },
        "description": "Ровно одно из id, problem, result. · Exactly one of id, problem, result."
      },
      "Failure": {
        "type": "object",
        "required": ["kind", "reason"],
        "properties": {
          "kind": {"enum": ["permanent", "temporary", "technical"]},
          "reason": {"type": "string"},
          "provider_code": {"type": "string"},
          "detail": {"type": "string"},
          "advice": {"type": "string"}
        }
      },
      "MaskedAddress": {
        "type": "object",
        "required": ["channel", "address"],
        "properties": {
          "channel": {"$ref": "#/components/schemas/Channel"},
          "address": {"type": "string", "description": "Замаскирован. · Masked."}
        }
      },
      "Attempt": {
        "type": "object",
        "required": ["number", "provider", "channel", "outcome"],
        "properties": {
          "number": {"type": "integer"},
          "provider": {"type": "string"},
          "channel": {"$ref": "#/components/schemas/Channel"},
          "address": {"type": "string"},
          "began_at": {"type": "string", "format": "date-time"},
          "ended_at": {"type": "string", "format": "date-time"},
          "outcome": {"enum": ["accepted", "failed"]},
          "provider_message_id": {"type": "string"},
          "parts": {"type": "integer"},
          "failure": {"$ref": "#/components/schemas/Failure"}
        }
      },
      "Message": {
        "type": "object",
        "required": [
          "id",
          "status",
          "purpose",
          "template",
          "priority",
          "accepted_at",
          "expires_at",
          "attempts",
          "links"
        ],
        "properties": {
          "id": {"type": "string"},
          "mode": {"enum": ["live", "team", "test"], "description": "Чей ключ. · Of the key."},
          "status": {"$ref": "#/components/schemas/Status"},
          "reason": {"type": "string"},
          "failure": {"$ref": "#/components/schemas/Failure"},
          "due_at": {"type": "string", "format": "date-time"},
          "held_reason": {"$ref": "#/components/schemas/HeldReason"},
          "purpose": {"type": "string"},
          "template": {"$ref": "#/components/schemas/TemplateRef"},
          "recipient": {"type": "string"},
          "to": {"$ref": "#/components/schemas/MaskedAddress"},
          "channel": {"$ref": "#/components/schemas/Channel"},
          "provider": {"type": "string"},
          "priority": {"$ref": "#/components/schemas/Priority"},
          "locale": {"type": "string"},
          "accepted_at": {"type": "string", "format": "date-time"},
          "send_at": {"type": "string", "format": "date-time"},
          "expires_at": {"type": "string", "format": "date-time"},
          "read_at": {"type": "string", "format": "date-time"},
          "thread": {"type": "string"},
          "supersedes": {"type": "string"},
          "reference": {"type": "string"},
          "metadata": {"type": "object", "additionalProperties": {"type": "string"}},
          "retry_of": {"type": "string"},
          "attempts": {"type": "array", "items": {"$ref": "#/components/schemas/Attempt"}},
          "links": {"$ref": "#/components/schemas/Links"}
        },
        "description": "Чего нет, то не названо. Адреса замаскированы. · What there is not is left out. Addresses are masked."
      },
      "TimelineEntry": {
        "type": "object",
        "required": ["sequence", "at", "event", "by", "facts"],
        "properties": {
          "sequence": {"type": "integer"},
          "at": {"type": "string", "format": "date-time"},
          "event": {"type": "string"},
          "state": {"$ref": "#/components/schemas/Status"},
          "by": {"type": "string"},
          "facts": {
            "type": "array",
            "items": {
              "type": "object",
              "required": ["name", "value"],
              "properties": {"name": {"type": "string"}, "value": {"type": "string"}}
            }
          }
        }
      },
      "SearchRequest": {
        "type": "object",
        "properties": {
          "status": {
            "anyOf": [
              {
                "enum": [
                  "queued",
                  "sending",
                  "sent",
                  "unconfirmed",
                  "delivered",
                  "failed",
                  "suppressed",
                  "expired",
                  "cancelled",
                  null
                ]
              },
              {"type": "array", "items": {"$ref": "#/components/schemas/Status"}}
            ]
          },
          "channel": {"enum": ["sms", "email", "max", "max_chat", "telegram", "vk", "push", "voice", "paper", null]},
          "purpose": {"type": ["string", "null"], "pattern": "^[a-z0-9_]{1,64}$"},
          "recipient": {"type": ["string", "null"], "minLength": 1, "maxLength": 128},
          "reference": {"type": ["string", "null"], "minLength": 1, "maxLength": 255},
          "thread": {"type": ["string", "null"], "minLength": 1, "maxLength": 255},
          "since": {"type": ["string", "null"], "format": "date-time"},
          "until": {"type": ["string", "null"], "format": "date-time"},
          "to": {
            "anyOf": [{"$ref": "#/components/schemas/ToAddresses"}, {"type": "null"}],
            "description": "Ровно один адрес. · Exactly one address."
          },
          "limit": {"type": ["integer", "null"], "minimum": 1, "maximum": 250},
          "after": {"type": ["string", "null"], "minLength": 1, "maxLength": 64}
        },
        "additionalProperties": false
      },
      "Premises": {
        "type": "object",
        "required": ["house"],
        "properties": {
          "house": {"type": "string", "minLength": 1, "maxLength": 128},
          "entrance": {"type": ["string", "null"], "minLength": 1, "maxLength": 32},
          "riser": {"type": ["string", "null"], "minLength": 1, "maxLength": 32},
          "flat": {"type": ["string", "null"], "minLength": 1, "maxLength": 32}
        },
        "additionalProperties": false
      },
      "RecipientRequest": {
        "type": "object",
        "properties": {
          "name": {"type": ["string", "null"], "minLength": 1, "maxLength": 200},
          "locale": {"type": ["string", "null"]},
          "time_zone": {"type": ["string", "null"], "description": "IANA.", "examples": ["Europe/Moscow"]},
          "premises": {"anyOf": [{"$ref": "#/components/schemas/Premises"}, {"type": "null"}]},
          "destinations": {
            "type": ["array", "null"],
            "items": {"$ref": "#/components/schemas/ToAddresses"},
            "maxItems": 20,
            "description": "По предпочтению жителя. · In the resident's own order."
          }
        },
        "additionalProperties": false
      },
      "Recipient": {
        "type": "object",
        "required": ["id", "locale", "time_zone", "destinations"],
        "properties": {
          "id": {"type": "string"},
          "name": {"type": "string"},
          "locale": {"type": "string"},
          "time_zone": {"type": "string"},
          "premises": {"$ref": "#/components/schemas/Premises"},
          "destinations": {"type": "array", "items": {"$ref": "#/components/schemas/MaskedAddress"}}
        }
      },
      "ImportAnswer": {
        "type": "object",
        "required": ["recipients", "consents", "stored", "errors"],
        "properties": {
          "recipients": {"type": "integer"},
          "consents": {"type": "integer"},
          "new_consents": {"type": "integer"},
          "stored": {"type": "boolean"},
          "errors": {
            "type": "array",
            "items": {
              "type": "object",
              "required": ["row", "column", "detail"],
              "properties": {"row": {"type": "integer"}, "column": {"type": "string"}, "detail": {"type": "string"}}
            }
          }
        }
      },
      "ConsentRequest": {
        "type": "object",
        "required": ["recipient", "purpose", "action", "source"],
        "properties": {
          "recipient": {"type": "string", "minLength": 1, "maxLength": 128},
          "purpose": {"type": "string", "pattern": "^[a-z0-9_]{1,64}$"},
          "channel": {
            "enum": ["sms", "email", "max", "max_chat", "telegram", "vk", "push", "voice", "paper", null],
            "description": "Без него — все каналы. · Without it, all channels."
          },
          "action": {"enum": ["granted", "withdrawn", "refused", "imported"]},
          "source": {"enum": ["paper", "web_form", "bot", "call", "gis_zhkh", "esia", "import", "operator"]},
          "evidence": {"type": ["string", "null"], "minLength": 1, "maxLength": 255},
          "text_version": {"type": ["string", "null"], "minLength": 1, "maxLength": 64},
          "occurred_at": {"type": ["string", "null"], "format": "date-time"}
        },
        "additionalProperties": false
      },
      "Consent": {
        "type": "object",
        "required": [
          "id",
          "recipient",
          "purpose",
          "channel",
          "action",
          "source",
          "evidence",
          "text_version",
          "recorded_by",
          "occurred_at",
          "recorded_at"
        ],
        "properties": {
          "id": {"type": "string"},
          "recipient": {"type": "string"},
          "purpose": {"type": "string"},
          "channel": {"enum": ["sms", "email", "max", "max_chat", "telegram", "vk", "push", "voice", "paper", null]},
          "action": {"type": "string"},
          "source": {"type": "string"},
          "evidence": {"type": ["string", "null"]},
          "text_version": {"type": ["string", "null"]},
          "recorded_by": {"type": "string"},
          "occurred_at": {"type": "string", "format": "date-time"},
          "recorded_at": {"type": "string", "format": "date-time"}
        }
      },
      "ConsentCheck": {
        "type": "object",
        "required": ["recipient", "purpose"],
        "properties": {
          "recipient": {"type": "string", "minLength": 1, "maxLength": 128},
          "purpose": {"type": "string", "pattern": "^[a-z0-9_]{1,64}$"},
          "channel": {
            "enum": ["sms", "email", "max", "max_chat", "telegram", "vk", "push", "voice", "paper", null],
            "description": "Без него — любой канал цели. · Without it, any channel of the purpose."
          }
        },
        "additionalProperties": false
      },
      "ConsentVerdict": {
        "type": "object",
        "required": ["allowed", "explanation"],
        "properties": {
          "allowed": {"type": "boolean"},
          "channel": {"$ref": "#/components/schemas/Channel"},
          "reason": {"type": "string"},
          "until": {
            "type": "string",
            "format": "date-time",
            "description": "Сейчас нельзя, тогда можно. · Not now; then."
          },
          "explanation": {
            "type": "array",
            "items": {
              "type": "object",
              "required": ["rule", "result"],
              "properties": {"rule": {"type": "string"}, "result": {"type": "string"}}
            }
          }
        }
      },
      "SuppressionRequest": {
        "type": "object",
        "required": ["to"],
        "properties": {
          "to": {"$ref": "#/components/schemas/ToOne"},
          "reason": {"enum": ["hard_bounce", "complaint", "opted_out", "manual", null]},
          "until": {"type": ["string", "null"], "format": "date-time"},
          "detail": {"type": ["string", "null"], "minLength": 1, "maxLength": 255}
        },
        "additionalProperties": false
      },
      "Suppression": {
        "type": "object",
        "required": ["id", "channel", "address", "reason", "since", "until", "detail"],
        "properties": {
          "id": {"type": "string"},
          "channel": {"$ref": "#/components/schemas/Channel"},
          "address": {"type": "string"},
          "reason": {"enum": ["hard_bounce", "complaint", "opted_out", "manual"]},
          "since": {"type": "string", "format": "date-time"},
          "until": {"type": ["string", "null"], "format": "date-time"},
          "detail": {"type": ["string", "null"]}
        }
      },
      "Lookup": {
        "type": "object",
        "required": ["to"],
        "properties": {"to": {"$ref": "#/components/schemas/ToOne"}},
        "additionalProperties": false
      },
      "FactsRequest": {
        "type": "object",
        "required": ["balance"],
        "properties": {
          "balance": {
            "type": "string",
            "pattern": "^-?[0-9]+(\\.[0-9]{1,2})?$",
            "description": "Сколько должны, рублями: > 0 — долг. · What is owed, in roubles: above zero is a debt.",
            "examples": ["0.00"]
          },
          "as_of": {
            "type": ["string", "null"],
            "format": "date-time",
            "description": "Побеждает более поздний; без него — сейчас. · The later one counts; now without it."
          },
          "currency": {"enum": ["RUB", null]}
        },
        "additionalProperties": false
      },
      "Facts": {
        "type": "object",
        "required": ["account", "balance", "currency", "as_of"],
        "properties": {
          "account": {"type": "string"},
          "balance": {"type": "string"},
          "currency": {"const": "RUB"},
          "as_of": {"type": "string", "format": "date-time"},
          "result": {
            "enum": ["taken", "same", "older"],
            "description": "older: уже известно более позднее, это не записано. · older: later news is known, this was not written."
          }
        }
      },
      "TemplateVariable": {
        "type": "object",
        "required": ["name", "type", "required"],
        "properties": {
          "name": {"type": "string"},
          "type": {"type": "string"},
          "required": {"type": "boolean"},
          "personal": {"type": "boolean"},
          "fields": {"type": "array", "items": {"$ref": "#/components/schemas/TemplateVariable"}}
        }
      },
      "Template": {
        "type": "object",
        "required": ["id", "version", "purpose", "locales", "variables"],
        "properties": {
          "id": {"type": "string"},
          "version": {"type": "string"},
          "purpose": {"type": "string"},
          "locales": {"type": "array", "items": {"type": "string"}},
          "channels": {"type": "array", "items": {"$ref": "#/components/schemas/Channel"}},
          "versions": {"type": "array", "items": {"type": "string"}},
          "group": {"type": "boolean"},
          "variables": {"type": "array", "items": {"$ref": "#/components/schemas/TemplateVariable"}},
          "samples": {
            "type": "array",
            "items": {
              "type": "object",
              "required": ["name", "variables"],
              "properties": {"name": {"type": "string"}, "variables": {"$ref": "#/components/schemas/Variables"}}
            }
          }
        }
      },
      "RenderRequest": {
        "type": "object",
        "properties": {
          "variables": {"anyOf": [{"$ref": "#/components/schemas/Variables"}, {"type": "null"}]},
          "locale": {"type": ["string", "null"]},
          "channels": {"type": ["array", "null"], "items": {"$ref": "#/components/schemas/Channel"}}
        },
        "additionalProperties": false
      },
      "Rendered": {
        "type": "object",
        "required": ["template", "texts"],
        "properties": {
          "template": {"$ref": "#/components/schemas/TemplateRef"},
          "addressee": {
            "type": "object",
            "description": "Придуманный житель. · A made-up resident.",
            "properties": {"name": {"type": "string"}, "account": {"type": "string"}}
          },
          "texts": {"type": "array", "items": {"$ref": "#/components/schemas/RenderedText"}}
        }
      },
      "Event": {
        "type": "object",
        "required": ["id", "type", "created_at", "data"],
        "properties": {
          "id": {"type": "string"},
          "type": {"type": "string"},
          "created_at": {"type": "string", "format": "date-time"},
          "client": {"type": "string"},
          "data": {"type": "object"}
        },
        "description": "Без адресов, имён и переменных. · Without addresses, names and variables."
      },
      "WebhookRequest": {
        "type": "object",
        "required": ["url"],
        "properties": {
          "url": {"type": "string", "format": "uri", "maxLength": 2048},
          "types": {
            "type": ["array", "null"],
            "items": {"type": "string"},
            "description": "message.failed, message.*; без них — все. · all without it."
          },
          "house": {"type": ["boolean", "null"], "description": "Нужно право ops:read. · Needs the scope ops:read."}
        },
        "additionalProperties": false
      },
      "WebhookChange": {
        "type": "object",
        "properties": {
          "url": {"type": ["string", "null"], "format": "uri", "maxLength": 2048},
          "types": {"type": ["array", "null"], "items": {"type": "string"}},
          "active": {"type": ["boolean", "null"]}
        },
        "additionalProperties": false
      },
      "Webhook": {
        "type": "object",
        "required": ["id", "url", "types", "house", "status", "created_at"],
        "properties": {
          "id": {"type": "string"},
          "url": {"type": "string"},
          "types": {"type": "array", "items": {"type": "string"}},
          "house": {
            "type": "boolean",
            "description": "И события дома, не только свои сообщения. · The house's events too, not only your own messages."
          },
          "status": {"enum": ["active", "disabled"]},
          "reason": {"enum": ["gone", "switched_off"]},
          "secret": {
            "type": "string",
            "description": "Только в ответе на создание и смену. · Only where it was made or changed."
          },
          "previous_secret_until": {
            "type": "string",
            "format": "date-time",
            "description": "До тех пор подписывают оба секрета. · Until then both secrets sign."
          },
          "created_at": {"type": "string", "format": "date-time"}
        }
      },
      "WebhookDelivery": {
        "type": "object",
        "required": ["event", "status", "attempts", "created_at"],
        "properties": {
          "event": {"type": "string"},
          "status": {"enum": ["pending", "delivered", "failed"]},
          "attempts": {"type": "integer"},
          "next_at": {"type": ["string", "null"], "format": "date-time"},
          "code": {"type": ["integer", "null"]},
          "error": {"type": ["string", "null"]},
          "created_at": {"type": "string", "format": "date-time"},
          "attempted_at": {"type": ["string", "null"], "format": "date-time"}
        }
      },
      "ReplayRequest": {
        "type": "object",
        "description": "Одно из трёх. · One of the three.",
        "properties": {
          "events": {"type": ["array", "null"], "items": {"type": "string"}, "maxItems": 250},
          "after": {"type": ["string", "null"], "description": "Все после этого. · All after this one."},
          "until": {
            "type": ["string", "null"],
            "description": "Вместе с after: последнее. · With after: the last one."
          },
          "failed": {
            "type": ["boolean", "null"],
            "description": "true: все, что не доставлены. · true: all that failed."
          }
        },
        "additionalProperties": false
      },
      "Count": {"type": "object", "required": ["count"], "properties": {"count": {"type": "integer", "minimum": 0}}},
      "Queues": {
        "type": "object",
        "required": ["data", "lines", "states", "held_reasons", "paused"],
        "properties": {
          "data": {
            "type": "array",
            "items": {
              "type": "object",
              "required": ["priority", "waiting", "sending", "held"],
              "properties": {
                "priority": {"$ref": "#/components/schemas/Priority"},
                "waiting": {"type": "integer"},
                "sending": {"type": "integer"},
                "held": {"type": "integer"},
                "oldest_age_seconds": {"type": ["number", "null"]}
              }
            }
          },
          "lines": {
            "type": "array",
            "items": {
              "type": "object",
              "required": ["channel", "priority", "waiting", "held", "held_reasons", "oldest_age_seconds"],
              "properties": {
                "channel": {"$ref": "#/components/schemas/Channel"},
                "priority": {"$ref": "#/components/schemas/Priority"},
                "waiting": {"type": "integer"},
                "held": {"type": "integer"},
                "held_reasons": {"type": "object", "additionalProperties": {"type": "integer"}},
                "oldest_age_seconds": {"type": ["number", "null"]}
              }
            }
          },
          "states": {"type": "object", "additionalProperties": {"type": "integer"}},
          "held_reasons": {"type": "object", "additionalProperties": {"type": "integer"}},
          "paused": {
            "type": ["object", "null"],
            "required": ["reason", "since", "by"],
            "properties": {
              "reason": {"enum": ["operator", "backup", "behind", "moved", "place_missing"]},
              "since": {"type": "string", "format": "date-time"},
              "by": {"type": "string"},
              "detail": {"type": "string"}
            }
          }
        }
      },
      "Provider": {
        "type": "object",
        "required": ["id", "kind", "channels", "status", "paused", "limits"],
        "properties": {
          "id": {"type": "string"},
          "kind": {"type": "string"},
          "channels": {"type": "array", "items": {"$ref": "#/components/schemas/Channel"}},
          "status": {"enum": ["works", "paused", "resting", "being_tried", "daily_cap_used_up"]},
          "paused": {"type": "boolean"},
          "paused_until": {"type": "string", "format": "date-time"},
          "reason": {"type": "string", "description": "operator или причина отказа. · operator, or why it failed."},
          "note": {
            "type": "string",
            "description": "Слова того, кто поставил паузу. · The words of whoever paused it."
          },
          "since": {"type": "string", "format": "date-time"},
          "by": {"type": "string"},
          "limits": {
            "type": "object",
            "required": ["weight", "concurrency", "rate_unit", "used_today"],
            "properties": {
              "weight": {"type": "integer"},
              "concurrency": {"type": "integer"},
              "rate_per_second": {"type": "number"},
              "rate_unit": {"enum": ["requests", "parts"]},
              "daily_cap": {"type": "integer"},
              "used_today": {"type": "integer"}
            }
          }
        }
      },
      "DeadLetter": {
        "type": "object",
        "required": ["id", "purpose", "status", "ended_at", "may_have_arrived"],
        "properties": {
          "id": {"type": "string"},
          "purpose": {"type": "string"},
          "recipient": {"type": "string"},
          "to": {"type": "string"},
          "channel": {"$ref": "#/components/schemas/Channel"},
          "provider": {"type": "string"},
          "status": {"enum": ["failed", "unconfirmed"]},
          "failure": {"$ref": "#/components/schemas/Failure"},
          "advice": {"type": "string"},
          "ended_at": {"type": "string", "format": "date-time"},
          "may_have_arrived": {"type": "boolean"}
        }
      },
      "DeadLetterOrder": {
        "type": "object",
        "required": ["filter"],
        "properties": {
          "filter": {
            "type": "object",
            "properties": {
              "reason": {"type": ["string", "null"]},
              "channel": {
                "enum": ["sms", "email", "max", "max_chat", "telegram", "vk", "push", "voice", "paper", null]
              },
              "purpose": {"type": ["string", "null"]},
              "since": {"type": ["string", "null"], "format": "date-time"}
            },
            "additionalProperties": false
          },
          "expected_count": {
            "type": ["integer", "null"],
            "minimum": 0,
            "description": "Сколько вы видели; иначе — 409. При dry_run не нужно. · How many you saw; else 409. Not needed with dry_run."
          },
          "even_unconfirmed": {"type": ["boolean", "null"]}
        },
        "additionalProperties": false
      },
      "DeadLetterAnswer": {
        "type": "object",
        "required": ["matched", "count", "endings", "left", "not_concerned"],
        "properties": {
          "matched": {"type": "integer"},
          "count": {"type": "integer", "description": "Сделано. · Done."},
          "endings": {
            "type": "object",
            "propertyNames": {
              "enum": ["queued", "suppressed", "written_off", "retried_before", "changed", "unknown_purpose"]
            },
            "additionalProperties": {"type": "integer"}
          },
          "left": {"type": "integer", "description": "Не успели, не тронуты. · Not reached, untouched."},
          "not_concerned": {"type": "integer"},
          "dry_run": {"const": true}
        }
      },
      "ChainReport": {
        "type": "object",
        "required": ["intact", "complete", "rows", "verified", "first_bad", "why", "mark", "next"],
        "properties": {
          "intact": {"type": "boolean"},
          "complete": {"type": "boolean"},
          "rows": {"type": "integer"},
          "verified": {"type": "integer", "description": "Последняя верная запись. · The last row that holds."},
          "first_bad": {"type": ["integer", "null"]},
          "why": {"type": ["string", "null"]},
          "mark": {"type": "string"},
          "next": {"type": ["string", "null"]}
        }
      },
      "Version": {"type": "object", "required": ["version"], "properties": {"version": {"type": "string"}}},
      "Problem": {
        "type": "object",
        "required": ["type", "title", "status", "code", "detail", "errors", "retryable"],
        "properties": {
          "type": {"type": "string", "format": "uri-reference"},
          "title": {"type": "string"},
          "status": {"type": "integer", "minimum": 400, "maximum": 599},
          "code": {
            "enum": [
              "invalid_json",
              "unknown_field",
              "idempotency_key_missing",
              "unauthorized",
              "forbidden_scope",
              "guest_list_only",
              "not_found",
              "idempotency_in_progress",
              "preview_stale",
              "already_sending",
              "not_cancellable",
              "precondition_failed",
              "request_timeout",
              "payload_too_large",
              "unsupported_media_type",
              "required",
              "invalid_phone",
              "invalid_email",
              "invalid_value",
              "unknown_template",
              "missing_variable",
              "text_too_long",
              "unknown_purpose",
              "unknown_recipient",
              "expired_already",
              "idempotency_key_reused",
              "quota_exceeded",
              "internal",
              "queue_full",
              "storage_full"
            ]
          },
          "detail": {"type": "string"},
          "instance": {"type": "string"},
          "errors": {
            "type": "array",
            "items": {
              "type": "object",
              "required": ["pointer", "code", "detail"],
              "properties": {
                "pointer": {
                  "type": "string",
                  "description": "RFC 6901; ?имя — параметр запроса. · ?name is a query parameter."
                },
                "code": {
                  "enum": [
                    "invalid_json",
                    "unknown_field",
                    "idempotency_key_missing",
                    "unauthorized",
                    "forbidden_scope",
                    "guest_list_only",
                    "not_found",
                    "idempotency_in_progress",
                    "preview_stale",
                    "already_sending",
                    "not_cancellable",
                    "precondition_failed",
                    "request_timeout",
                    "payload_too_large",
                    "unsupported_media_type",
                    "required",
                    "invalid_phone",
                    "invalid_email",
                    "invalid_value",
                    "unknown_template",
                    "missing_variable",
                    "text_too_long",
                    "unknown_purpose",
                    "unknown_recipient",
                    "expired_already",
                    "idempotency_key_reused",
                    "quota_exceeded",
                    "internal",
                    "queue_full",
                    "storage_full"
                  ]
                },
                "detail": {"type": "string"}
              }
            }
          },
          "retryable": {
            "type": "boolean",
            "description": "Тот же запрос может позже пройти. · The same request may succeed later."
          },
          "request_id": {"type": "string"}
        },
        "description": "RFC 9457; страница кода: /docs/errors/{code}. Язык по Accept-Language."
      },
      "Preferences": {
        "type": "object",
        "required": ["recipient", "purposes"],
        "properties": {
          "recipient": {"type": "string"},
          "purposes": {
            "type": "object",
            "additionalProperties": {
              "type": "object",
              "required": ["mandatory", "on", "channels"],
              "properties": {
                "mandatory": {"type": "boolean"},
                "on": {"type": "boolean"},
                "channels": {"type": "object", "additionalProperties": {"type": "boolean"}}
              }
            }
          }
        }
      },
      "PreferencesRequest": {
        "type": "object",
        "required": ["purposes"],
        "properties": {
          "recipient": {"type": ["string", "null"]},
          "purposes": {
            "type": "object",
            "description": "Чего нет, то остаётся. · What is left out stays.",
            "additionalProperties": {
              "type": "object",
              "required": ["on"],
              "properties": {
                "mandatory": {"type": ["boolean", "null"]},
                "on": {"type": "boolean"},
                "channels": {"type": ["object", "null"], "additionalProperties": {"type": "boolean"}}
              },
              "additionalProperties": false
            }
          },
          "source": {"enum": ["paper", "web_form", "bot", "call", "gis_zhkh", "esia", "import", "operator", null]},
          "evidence": {"type": ["string", "null"], "minLength": 1, "maxLength": 255},
          "text_version": {"type": ["string", "null"], "minLength": 1, "maxLength": 64}
        },
        "additionalProperties": false
      },
      "ToOne": {
        "type": "object",
        "properties": {
          "sms": {
            "type": ["string", "null"],
            "description": "+7…, 8 (9xx) …; страны +7.",
            "examples": ["+79001234567"]
          },
          "email": {"type": ["string", "null"], "examples": ["kv12@example.ru"]},
          "max": {"type": ["string", "integer", "null"], "examples": ["5001234"]},
          "max_chat": {"type": ["string", "integer", "null"], "examples": ["-70000000012345"]},
          "telegram": {"type": ["string", "integer", "null"], "examples": ["5001234"]},
          "vk": {"type": ["string", "integer", "null"], "examples": ["5001234"]}
        },
        "additionalProperties": false,
        "minProperties": 1,
        "maxProperties": 1
      }
    }
  }
}
"""#
}
