#include "analysis/history/history_store.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "async/errors.hpp"

namespace asyncbench {
namespace {

constexpr std::int64_t application_id = 0x61736263;  // "asbc", in the file's header
constexpr std::int64_t schema_version = 1;

/// In the order of their names. A file whose schema reads otherwise is not opened: a view or trigger in a
/// file from elsewhere would run with the statements below.
constexpr const char* tables[] = {
    "CREATE TABLE fact (run INTEGER NOT NULL REFERENCES run, name TEXT NOT NULL, value TEXT, "
    "reason TEXT NOT NULL, PRIMARY KEY (run, name)) STRICT, WITHOUT ROWID",
    "CREATE TABLE run (id INTEGER PRIMARY KEY, identity TEXT NOT NULL UNIQUE, time_utc TEXT NOT NULL, "
    "commit_id TEXT NOT NULL, tool_version TEXT NOT NULL, work TEXT NOT NULL) STRICT",
    "CREATE TABLE value (run INTEGER NOT NULL REFERENCES run, strategy TEXT NOT NULL, "
    "concurrency INTEGER NOT NULL, metric TEXT NOT NULL, value REAL NOT NULL, low REAL NOT NULL, "
    "high REAL NOT NULL, confidence REAL NOT NULL, PRIMARY KEY (run, strategy, concurrency, metric)) "
    "STRICT, WITHOUT ROWID"};

/// SQLite with its errors as exceptions. Refers to path and database, which must live longer.
class Connection {
  public:
    Connection(sqlite3* database, const std::string& path) : database_(database), path_(path) {}

    [[noreturn]] void fail() const {
        if (sqlite3_errcode(database_) == SQLITE_NOTADB) {
            throw Error(fmt::format("{} is no SQLite database; name a history with --db.", path_));
        }
        throw Error(
            fmt::format("The history {} cannot be used: {}. Check the file, or name another with --db.",
                        path_, sqlite3_errmsg(database_)));
    }
    [[noreturn]] void damaged(std::string_view what) const {
        throw Error(fmt::format("The history {} holds {}; it is damaged, or was not written by asyncbench.",
                                path_, what));
    }

    void execute(const char* sql) const {
        if (sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail();
    }

    sqlite3* database() const { return database_; }
    const std::string& path() const { return path_; }

  private:
    sqlite3* database_;
    const std::string& path_;
};

/// A prepared statement. Columns are counted from 0.
class Statement {
  public:
    Statement(const Connection& connection, const char* sql) : connection_(connection) {
        sqlite3_stmt* statement = nullptr;
        if (sqlite3_prepare_v2(connection.database(), sql, -1, &statement, nullptr) != SQLITE_OK) {
            connection.fail();
        }
        statement_.reset(statement);
    }

    /// The next values of its parameters, in their order.
    template <typename... Values>
    void bind(const Values&... values) {
        sqlite3_reset(statement_.get());
        int place = 0;
        ((check(bind_one(++place, values))), ...);
    }

    bool step() {
        const int result = sqlite3_step(statement_.get());
        if (result != SQLITE_ROW && result != SQLITE_DONE) connection_.fail();
        return result == SQLITE_ROW;
    }
    void run() {
        while (step()) continue;
    }

    bool is_null(int column) const { return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL; }
    std::int64_t integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }
    double number(int column) const { return sqlite3_column_double(statement_.get(), column); }
    std::string text(int column) const {
        const unsigned char* bytes = sqlite3_column_text(statement_.get(), column);
        const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
        return bytes == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(bytes), size);
    }

  private:
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
    };

    void check(int result) const {
        if (result != SQLITE_OK) connection_.fail();
    }
    int bind_one(int place, std::int64_t value) { return sqlite3_bind_int64(statement_.get(), place, value); }
    int bind_one(int place, double value) { return sqlite3_bind_double(statement_.get(), place, value); }
    int bind_one(int place, const std::string& value) {
        return sqlite3_bind_text64(statement_.get(), place, value.data(), value.size(), SQLITE_TRANSIENT,
                                   SQLITE_UTF8);
    }
    int bind_one(int place, const std::optional<std::string>& value) {
        return value ? bind_one(place, *value) : sqlite3_bind_null(statement_.get(), place);
    }

    const Connection& connection_;
    std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// Undone unless committed.
class Transaction {
  public:
    Transaction(const Connection& connection, const char* begin) : connection_(connection) {
        connection.execute(begin);
    }
    ~Transaction() {
        if (open_) sqlite3_exec(connection_.database(), "ROLLBACK", nullptr, nullptr, nullptr);
    }
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    void commit() {
        connection_.execute("COMMIT");
        open_ = false;
    }

  private:
    const Connection& connection_;
    bool open_ = true;
};

std::int64_t pragma(const Connection& connection, const char* sql) {
    Statement statement(connection, sql);
    return statement.step() ? statement.integer(0) : 0;
}

std::vector<std::string> schema_of(const Connection& connection) {
    std::vector<std::string> entries;
    Statement statement(connection, "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name");
    while (statement.step()) entries.push_back(statement.text(0));
    return entries;
}

void check_schema(const Connection& connection, const std::vector<std::string>& schema) {
    if (pragma(connection, "PRAGMA application_id") != application_id) {
        throw Error(fmt::format("{} is no history of asyncbench; name one with --db.", connection.path()));
    }
    const std::int64_t version = pragma(connection, "PRAGMA user_version");
    if (version != schema_version) {
        throw Error(
            fmt::format("The history {} has version {} and this asyncbench reads version {}; use the "
                        "asyncbench that wrote it, or name another with --db.",
                        connection.path(), version, schema_version));
    }
    if (schema != std::vector<std::string>(std::begin(tables), std::end(tables))) {
        connection.damaged("other tables than those of a history");
    }
}

void create_or_check_schema(const Connection& connection) {
    // Locks before it looks, so that of two processes one creates.
    Transaction transaction(connection, "BEGIN IMMEDIATE");
    const std::vector<std::string> schema = schema_of(connection);
    const bool is_new = schema.empty() && pragma(connection, "PRAGMA application_id") == 0 &&
                        pragma(connection, "PRAGMA user_version") == 0;
    if (is_new) {
        for (const char* table : tables) connection.execute(table);
        connection.execute(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", application_id,
                                       schema_version)
                               .c_str());
    } else {
        check_schema(connection, schema);
    }
    transaction.commit();
}

void require_finite(const HistoryRun& run) {
    for (const HistoryValue& value : run.values) {
        for (const double number : {value.estimate.value, value.estimate.low, value.estimate.high}) {
            if (std::isfinite(number)) continue;
            throw Error(fmt::format("{} of {} is not a finite number, which a history cannot keep.",
                                    value.metric, value.subject()));
        }
    }
}

/// False where the history holds the same measurement.
bool insert(const Connection& connection, const HistoryRun& run) {
    Statement known(connection, "SELECT 1 FROM run WHERE identity = ?");
    known.bind(run.identity);
    if (known.step()) return false;
    Statement add_run(connection,
                      "INSERT INTO run (identity, time_utc, commit_id, tool_version, work) "
                      "VALUES (?, ?, ?, ?, ?)");
    add_run.bind(run.identity, run.time_utc, run.commit, run.tool_version, run.work);
    add_run.run();
    const std::int64_t id = sqlite3_last_insert_rowid(connection.database());
    Statement add_fact(connection, "INSERT INTO fact VALUES (?, ?, ?, ?)");
    for (const EnvironmentFact& fact : run.environment.facts) {
        add_fact.bind(id, fact.name, fact.value, fact.reason);
        add_fact.run();
    }
    Statement add_value(connection, "INSERT INTO value VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    for (const HistoryValue& value : run.values) {
        const Estimate& estimate = value.estimate;
        add_value.bind(id, value.strategy, std::int64_t{value.concurrency}, value.metric, estimate.value,
                       estimate.low, estimate.high, estimate.confidence);
        add_value.run();
    }
    return true;
}

void read_facts(const Connection& connection, std::map<std::int64_t, HistoryRun>& runs) {
    Statement statement(connection, "SELECT run, name, value, reason FROM fact");
    while (statement.step()) {
        EnvironmentFact fact{statement.text(1), std::nullopt, statement.text(3)};
        if (!statement.is_null(2)) fact.value = statement.text(2);
        runs[statement.integer(0)].environment.facts.push_back(std::move(fact));
    }
}

void read_values(const Connection& connection, std::map<std::int64_t, HistoryRun>& runs) {
    Statement statement(connection,
                        "SELECT run, strategy, concurrency, metric, value, low, high, confidence FROM value");
    while (statement.step()) {
        HistoryValue value{
            statement.text(1),
            static_cast<std::uint32_t>(statement.integer(2)),
            statement.text(3),
            {statement.number(4), statement.number(5), statement.number(6), statement.number(7)}};
        runs[statement.integer(0)].values.push_back(std::move(value));
    }
}

}  // namespace

void HistoryStore::Close::operator()(sqlite3* database) const {
    sqlite3_close(database);
}

HistoryStore::HistoryStore(const std::string& path, Access access) : path_(path) {
    if (access == Access::read && !std::filesystem::exists(path)) {
        throw Error(
            fmt::format("There is no history {}; make it with `asyncbench history add FILE`, or name "
                        "another with --db.",
                        path));
    }
    const int flags =
        access == Access::read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    sqlite3* database = nullptr;
    // Absolute, as names like `:memory:` mean something else to SQLite than a file.
    const int result = sqlite3_open_v2(std::filesystem::absolute(path).c_str(), &database, flags, nullptr);
    database_.reset(database);
    const Connection connection(database, path_);
    if (result != SQLITE_OK) connection.fail();
    constexpr int patience_ms = 5000;
    sqlite3_busy_timeout(database, patience_ms);
    connection.execute("PRAGMA trusted_schema = OFF; PRAGMA foreign_keys = ON");
    if (access == Access::write) {
        create_or_check_schema(connection);
    } else {
        check_schema(connection, schema_of(connection));
    }
}

std::vector<bool> HistoryStore::add(std::span<const HistoryRun> runs) {
    const Connection connection(database_.get(), path_);
    std::vector<bool> added;
    Transaction transaction(connection, "BEGIN IMMEDIATE");
    for (const HistoryRun& run : runs) {
        require_finite(run);
        added.push_back(insert(connection, run));
    }
    transaction.commit();
    return added;
}

std::vector<HistoryRun> HistoryStore::runs() const {
    const Connection connection(database_.get(), path_);
    // One transaction, so that a run added meanwhile is there whole or not at all.
    Transaction transaction(connection, "BEGIN");
    std::map<std::int64_t, HistoryRun> by_id;
    read_facts(connection, by_id);
    read_values(connection, by_id);
    std::vector<HistoryRun> runs;
    Statement statement(connection,
                        "SELECT id, identity, time_utc, commit_id, tool_version, work FROM run "
                        "ORDER BY time_utc, id");
    while (statement.step()) {
        HistoryRun run = std::move(by_id[statement.integer(0)]);
        run.identity = statement.text(1);
        run.time_utc = statement.text(2);
        run.commit = statement.text(3);
        run.tool_version = statement.text(4);
        run.work = statement.text(5);
        if (utc_time(run.time_utc) != run.time_utc) connection.damaged("a time that is none");
        for (const HistoryValue& value : run.values) {
            const Estimate& kept = value.estimate;
            if (std::isfinite(kept.value) && std::isfinite(kept.low) && std::isfinite(kept.high)) continue;
            connection.damaged("a value that is not a finite number");
        }
        runs.push_back(std::move(run));
    }
    return runs;
}

}  // namespace asyncbench
