// Fetches what its URLs give, all at once, and prints it in their order:
//
//     fetch_data http://127.0.0.1:8080/users http://127.0.0.1:8080/orders
//
// In Python, with asyncio and aiohttp:
//
//     async def fetch_data(session, url):
//         async with session.get(url) as response:
//             return await response.text()
//
//     async def main(urls):
//         async with aiohttp.ClientSession() as session:
//             for data in await asyncio.gather(*(fetch_data(session, url) for url in urls)):
//                 print(data)
//
//     asyncio.run(main(sys.argv[1:]))

#include <exception>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "async/errors.hpp"
#include "async/gather.hpp"
#include "async/run.hpp"
#include "harness/http/async_session.hpp"

using namespace asyncbench;

// Paused while the answer is on its way; the other fetches run meanwhile.
static Task<std::string> fetch_data(AsyncSession& session, std::string url) {
    Response response = co_await session.get(url);
    if (!response.ok()) {
        throw Error(url + " gave no data: status " + std::to_string(response.status) + " " +
                    response.message);
    }
    co_return response.body;
}

static Task<void> print_data(std::vector<std::string> urls) {
    AsyncSession session(*Loop::current(), SessionOptions());
    std::vector<Task<std::string>> fetches;
    for (const std::string& url : urls) {
        fetches.push_back(fetch_data(session, url));
    }
    for (const std::string& data : co_await gather(std::move(fetches))) {
        std::cout << data << '\n';
    }
}

int main(int argc, char** argv) {
    try {
        run(print_data(std::vector<std::string>(argv + 1, argv + argc)));
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
