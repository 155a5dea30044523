# The graded response model of the two tables in this folder, by climbing the marginal likelihood directly: base R's optim
# (BFGS, slopes as numbers by differences) on 61 points of a normal population, errors from the curvature at the top. It
# shares no step with an EM algorithm. Run in this folder: Rscript figures.R > figures.json   (R 4.2)
grid <- seq(-6, 6, length.out = 61)
weight <- dnorm(grid); weight <- weight / sum(weight)

split_of <- function(free, steps) {
  ends <- cumsum(steps + 1)
  lapply(seq_along(steps), function(i) free[(ends[i] - steps[i]):ends[i]])
}

# An item's free numbers are its slope, its first intercept, and the logarithms of how far each next one lies below.
intercepts_of <- function(item) {
  if (length(item) == 2) item[2] else item[2] - c(0, cumsum(exp(item[-(1:2)])))
}

minus_log_likelihood <- function(free, x, steps) {
  parts <- split_of(free, steps)
  total <- matrix(0, nrow(x), length(grid))
  for (i in seq_along(steps)) {
    reached <- rbind(1, plogis(outer(intercepts_of(parts[[i]]), parts[[i]][1] * grid, "+")), 0)
    chance <- reached[-nrow(reached), ] - reached[-1, ]
    told <- log(chance)[x[, i] + 1, ]
    told[is.na(x[, i]), ] <- 0
    total <- total + told
  }
  -sum(log(exp(total) %*% weight))
}

number <- function(x) paste0("[", paste(formatC(x, digits = 10, format = "g"), collapse = ", "), "]")

one <- function(name) {
  x <- as.matrix(read.csv(paste0(name, ".csv"), check.names = FALSE)[, -1])
  steps <- apply(x, 2, max, na.rm = TRUE)
  start <- unlist(lapply(seq_along(steps), function(i) {
    shares <- sapply(seq_len(steps[i]), function(k) mean(x[, i] >= k, na.rm = TRUE))
    logits <- qlogis(shares)
    c(1, logits[1], if (steps[i] > 1) log(-diff(logits)))
  }))
  found <- optim(start, minus_log_likelihood, x = x, steps = steps, method = "BFGS",
                 control = list(maxit = 2000, reltol = 1e-14))
  again <- optim(found$par, minus_log_likelihood, x = x, steps = steps, method = "BFGS", hessian = TRUE,
                 control = list(maxit = 2000, reltol = 1e-15))
  errors <- sqrt(diag(solve(again$hessian)))
  parts <- split_of(again$par, steps)
  slopes <- sapply(parts, function(item) item[1])
  thresholds <- lapply(parts, function(item) -intercepts_of(item) / item[1])
  slope_ses <- sapply(split_of(errors, steps), function(item) item[1])
  paste0('"', name, '": {"log_likelihood": ', formatC(-again$value, digits = 12, format = "g"),
         ', "slopes": ', number(slopes), ', "slope_ses": ', number(slope_ses),
         ', "thresholds": [', paste(sapply(thresholds, number), collapse = ", "), "]}")
}

cat("{", paste(sapply(c("complete", "mixed"), one), collapse = ",\n"), "}\n", sep = "")
