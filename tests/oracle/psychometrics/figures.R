# Figures of the three tables in this folder by R's psych and lavaan, written as JSON for test_psychometrics.py.
# Run in this folder: Rscript figures.R > figures.json   (R 4.2, psych 2.2.9, lavaan 0.6-14)
suppressPackageStartupMessages({library(psych); library(lavaan)})

tables <- list(complete = list(file = "complete.csv", reverse = integer(0), low = 0, high = 3),
               missing = list(file = "missing.csv", reverse = c(4, 8), low = 1, high = 5),
               constant = list(file = "constant.csv", reverse = integer(0), low = 0, high = 2))

number <- function(x) { x <- as.numeric(unlist(x)); ifelse(is.na(x), "null", formatC(x, digits = 12, format = "g")) }
vector_of <- function(x) paste0("[", paste(number(x), collapse = ", "), "]")

one <- function(told) {
  raw <- read.csv(told$file, check.names = FALSE)[, -1]
  x <- raw
  for (i in told$reverse) x[, i] <- told$low + told$high - x[, i]
  varies <- apply(x, 2, function(column) sd(column, na.rm = TRUE) > 0)
  kept <- x[, varies]
  names(kept) <- paste0("i", which(varies))
  reliability <- suppressWarnings(psych::alpha(kept, check.keys = FALSE, warnings = FALSE))
  model <- paste("f =~", paste(names(kept), collapse = " + "))
  covariance <- cov(kept, use = "pairwise")
  complete <- sum(complete.cases(kept))
  fit <- cfa(model, sample.cov = covariance, sample.nobs = complete, std.lv = TRUE, likelihood = "wishart")
  found <- inspect(fit, "est")
  common <- sum(found$lambda)^2
  omega <- common / (common + sum(diag(found$theta)))
  labelled <- paste0("f =~ ", paste0("l", seq_along(names(kept)), "*", names(kept), collapse = " + "), "\n",
                     paste0(names(kept), " ~~ e", seq_along(names(kept)), "*", names(kept), collapse = "\n"), "\n",
                     "omega := (", paste0("l", seq_along(names(kept)), collapse = " + "), ")^2 / ((",
                     paste0("l", seq_along(names(kept)), collapse = " + "), ")^2 + ",
                     paste0("e", seq_along(names(kept)), collapse = " + "), ")")
  delta <- cfa(labelled, sample.cov = covariance, sample.nobs = complete, std.lv = TRUE, information = "expected")
  estimates <- parameterEstimates(delta)
  error <- estimates[estimates$label == "omega", "se"]
  reach <- qnorm(0.975) * error / (omega * (1 - omega))
  runs <- apply(raw, 1, function(row) {
    coded <- rle(ifelse(is.na(row), NA, row)); max(c(0, coded$lengths[!is.na(coded$values)])) })
  deviation <- apply(raw, 1, sd, na.rm = TRUE)
  full <- complete.cases(kept)
  distance <- rep(NA, nrow(kept))
  distance[full] <- mahalanobis(kept[full, ], colMeans(kept, na.rm = TRUE), covariance)
  interval <- reliability$feldt
  c(alpha = number(reliability$total$raw_alpha),
    alpha_standardized = number(reliability$total$std.alpha),
    alpha_low = number(interval$lower.ci), alpha_high = number(interval$upper.ci),
    omega = number(omega), omega_se = number(error), omega_low = number(plogis(qlogis(omega) - reach)),
    omega_high = number(plogis(qlogis(omega) + reach)), least_own_variance = number(min(diag(found$theta))),
    total_sd = number(sqrt(sum(covariance))),
    sem = number(sqrt(sum(covariance)) * sqrt(1 - reliability$total$raw_alpha)),
    item_mean = vector_of(reliability$item.stats$mean), item_sd = vector_of(reliability$item.stats$sd),
    rest_correlation = vector_of(reliability$item.stats$r.drop),
    alpha_without = vector_of(reliability$alpha.drop$raw_alpha),
    skewness = vector_of(psych::describe(kept)$skew),
    longstring = vector_of(runs), irv = vector_of(deviation), mahalanobis = vector_of(distance))
}

found <- lapply(tables, one)
first <- read.csv("complete.csv")[, -1]
later <- read.csv("later.csv")[, -1]
error <- sqrt(2) * as.numeric(found$complete["sem"])
found$change <- c(rci = vector_of((rowSums(later) - rowSums(first)) / error))
blocks <- sapply(names(found), function(name) paste0('"', name, '": {',
  paste0('"', names(found[[name]]), '": ', found[[name]], collapse = ", "), "}"))
cat("{", paste(blocks, collapse = ",\n"), "}\n", sep = "")
