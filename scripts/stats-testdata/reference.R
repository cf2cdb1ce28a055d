# Writes as JSON what R says of the cases below: tests/analysis/stats/data/r.json. Base R and package boot.

number <- function(x) ifelse(is.infinite(x), "null", sprintf("%.17g", x))
numbers <- function(x) paste0("[", paste(number(x), collapse = ","), "]")
object <- function(...) {
  fields <- list(...)
  paste0("{", paste0('"', names(fields), '":', unlist(fields), collapse = ","), "}")
}
list_of <- function(items) paste0("[\n", paste(unlist(items), collapse = ",\n"), "]")
text <- function(x) paste0('"', x, '"')

sign_tests <- lapply(
  list(c(0, 1), c(1, 1), c(0, 5), c(3, 5), c(5, 5), c(10, 12), c(14, 20), c(30, 40), c(52, 80), c(80, 80), c(540, 1000)),
  function(x) object(above = x[1], pairs = x[2],
                     p = number(binom.test(x[1], x[2], 0.5, alternative = "greater")$p.value)))

proportions <- unlist(lapply(
  list(c(0, 1), c(1, 1), c(0, 100), c(1, 100), c(7, 20), c(99, 100), c(100, 100), c(13, 1610), c(4, 24)),
  function(x) lapply(c(0.9, 0.95, 0.99), function(level) {
    interval <- binom.test(x[1], x[2], conf.level = level)$conf.int
    object(hits = x[1], tries = x[2], confidence = level, low = number(interval[1]), high = number(interval[2]))
  })))

families <- lapply(
  list(0.03, c(0.01, 0.04, 0.03, 0.005), c(0.04, 0.01, 0.01, 0.9, 1), c(0, 0, 0.5), c(0.2, 0.2, 0.2),
       c(0.001, 0.02, 0.019, 0.0005, 0.3, 0.04, 0.06, 1)),
  function(p) object(p = numbers(p), adjusted = numbers(p.adjust(p, "holm"))))

set.seed(4)
two_samples <- list(
  # Hollander and Wolfe, "Nonparametric Statistical Methods" (1973), page 69: permeability of the chorioamnion.
  list(c(0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46), c(1.15, 0.88, 0.90, 0.74, 1.21)),
  list(1, 2), list(c(1, 2), c(3, 4)), list(c(1, 2, 3, 4, 5), c(6, 7, 8, 9, 10)), list(c(3, 1), c(2)),
  list(round(rnorm(9), 3), round(rnorm(12, 1), 3)), list(round(rlnorm(20), 4), round(rlnorm(20, 0.5), 4)),
  list(round(rnorm(49), 4), round(rnorm(49, 0.3), 4)), list(round(rnorm(49), 4), round(rnorm(3, 2), 4)),
  # 50 and more: R approximates.
  list(round(rnorm(50), 6), round(rnorm(49, 0.3), 6)), list(round(rnorm(60), 6), round(rnorm(70, 0.2), 6)),
  list(round(rnorm(200), 5), round(rnorm(5, 1), 5)),
  # Ties.
  list(c(1, 2, 3, 4), c(2, 5, 6, 7)), list(c(1, 2, 2, 3, 4), c(2, 4, 5, 5, 6)), list(c(1, 1, 1), c(1, 1, 2)), list(c(7, 7, 8, 9, 9, 9), c(9, 9, 10, 7)),
  list(floor(rnorm(60, 5, 2)), floor(rnorm(55, 6, 2))))
mann_whitney <- lapply(two_samples, function(s)
  object(one = numbers(s[[1]]), other = numbers(s[[2]]),
         p = number(suppressWarnings(wilcox.test(s[[1]], s[[2]])$p.value))))

shifts <- unlist(lapply(two_samples[c(1, 4, 6, 7, 8, 9)], function(s) lapply(c(0.8, 0.95, 0.99), function(level) {
  base <- s[[1]]; head <- s[[2]]
  test <- suppressWarnings(wilcox.test(head, base, conf.int = TRUE, conf.level = level, exact = TRUE))
  rank <- max(1, qwilcox((1 - level) / 2, length(base), length(head)))
  object(base = numbers(base), head = numbers(head), asked = level,
         confidence = number(1 - 2 * pwilcox(rank - 1, length(base), length(head))),
         value = number(unname(test$estimate)), low = number(test$conf.int[1]), high = number(test$conf.int[2]))
})))

# Efron and Tibshirani, "An Introduction to the Bootstrap" (1993), table 14.1: spatial test data, A.
spatial <- c(48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6, 0, 33, 28, 34, 4, 32, 24, 47, 41, 24, 26, 30, 41)
skewed <- round(rexp(30, 0.1), 3)
statistics <- list(mean = mean, variance = function(x) mean((x - mean(x))^2))
bootstraps <- unlist(lapply(list(spatial, skewed), function(values) lapply(names(statistics), function(name) {
  statistic <- statistics[[name]]
  set.seed(11)
  runs <- boot::boot(values, function(x, i) statistic(x[i]), R = 200000)
  jackknife <- boot::empinf(data = values, statistic = function(x, i) statistic(x[i]), type = "jack", stype = "i")
  interval <- boot::boot.ci(runs, conf = 0.9, type = "bca", L = jackknife)$bca
  object(values = numbers(values), statistic = text(name), confidence = 0.9, value = number(statistic(values)),
         low = number(interval[4]), high = number(interval[5]))
})))

# The data sets of the R package usl (S. Moeding), and two with repetitions and noise.
noisy <- function(lambda, sigma, kappa, n, spread)
  round(lambda * n / (1 + sigma * (n - 1) + kappa * n * (n - 1)) * exp(rnorm(length(n), 0, spread)), 2)
repeated <- rep(c(1, 4, 16, 64, 256), each = 5)
several <- c(1, 2, 4, 8, 16, 32, 64)
usl_data <- list(
  specsdm91 = list(c(1, 18, 36, 72, 108, 144, 216), c(64.9, 995.9, 1652.4, 1853.2, 1828.9, 1775.0, 1702.2)),
  raytracer = list(c(1, 4, 8, 12, 16, 20, 24, 28, 32, 48, 64), c(20, 78, 130, 170, 190, 200, 210, 230, 260, 280, 310)),
  repeated = list(repeated, noisy(950, 0.01, 2e-5, repeated, 0.03)),
  no_contention = list(several, noisy(100, 0, 0.001, several, 0.01)),
  linear = list(several, noisy(50, 0, 0, several, 0.001)),
  superlinear = list(several, noisy(50, -0.005, 0, several, 0.001)))
scalability <- lapply(names(usl_data), function(name) {
  n <- usl_data[[name]][[1]]; x <- usl_data[[name]][[2]]
  fit <- nls(x ~ lambda * n / (1 + sigma * (n - 1) + kappa * n * (n - 1)),
             start = list(lambda = max(x / n), sigma = 0.01, kappa = 1e-5), algorithm = "port",
             lower = c(0, 0, 0), control = nls.control(maxiter = 2000, tol = 1e-12, warnOnly = TRUE))
  estimates <- coef(fit)
  object(name = text(name), concurrency = numbers(n), throughput = numbers(x), lambda = number(estimates[["lambda"]]),
         sigma = number(estimates[["sigma"]]), kappa = number(estimates[["kappa"]]),
         squared_error = number(sum(residuals(fit)^2)), r_squared = number(1 - sum(residuals(fit)^2) / sum((x - mean(x))^2)))
})

# N. A. James and D. S. Matteson, "ecp: An R Package for Nonparametric Multiple Change Point Analysis of Multivariate
# Data", Journal of Statistical Software 62 (2014), 4.1: the random numbers of that example.
set.seed(250)
gaussian <- c(rnorm(100), rnorm(100, 0, 3), rnorm(100, 2, 1), rnorm(100, 2, 4))
# The example of ecp's help page of e.divisive.
set.seed(100)
levels <- c(rnorm(100), rnorm(100, 3), rnorm(100, 0, 2))
series <- object(ecp_article = numbers(round(gaussian, 8)), ecp_help = numbers(round(levels, 8)))

cat(object(
  source = text(paste0(R.version.string, ", boot ", packageVersion("boot"), "; scripts/make-stats-testdata")),
  sign_test = list_of(sign_tests), proportion = list_of(proportions), holm = list_of(families),
  mann_whitney = list_of(mann_whitney), shift = list_of(shifts), bootstrap = list_of(bootstraps),
  scalability = list_of(scalability), series = series), "\n", sep = "")
