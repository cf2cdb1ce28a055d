// Beast's one compiled unit; the other files see declarations only.
#include <boost/beast/src.hpp>
