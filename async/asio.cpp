// The one translation unit that compiles Asio's separately compiled part for every program of this project.
#include <boost/asio/impl/src.hpp>
