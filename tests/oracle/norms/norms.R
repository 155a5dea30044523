# Percentile ranks, their errors and intervals, and T scores of the tables in this folder by base R, written as JSON for
# test_norms.py. Run in this folder: Rscript norms.R > norms.json   (R 4.2)
number <- function(x) ifelse(is.na(x), "null", formatC(x, digits = 15, format = "g"))
vector_of <- function(x) paste0("[", paste(number(x), collapse = ", "), "]")

one <- function(scores) {
  n <- length(scores)
  told <- sort(unique(scores))
  indicator <- sapply(told, function(s) (scores < s) + (scores == s) / 2)
  rank <- colMeans(indicator)
  error <- apply(indicator, 2, function(v) sqrt(mean((v - mean(v))^2) / n))
  # average ranks give the mid-rank a second time: (rank - 1/2) / n
  stopifnot(max(abs(rank - (rank(scores)[match(told, scores)] - 0.5) / n)) < 1e-12)
  interval <- sapply(rank, function(p) suppressWarnings(prop.test(p * n, n, correct = FALSE)$conf.int))
  c(score = vector_of(told), count = vector_of(as.vector(table(scores))), percentile = vector_of(100 * rank),
    se = vector_of(100 * error), low = vector_of(100 * interval[1, ]), high = vector_of(100 * interval[2, ]),
    t_linear = vector_of(50 + 10 * (told - mean(scores)) / sd(scores)), t_normal = vector_of(50 + 10 * qnorm(rank)),
    mean = number(mean(scores)), sd = number(sd(scores)), n = number(n))
}

table <- base::table
raw <- read.csv("scores.csv")
found <- lapply(split(raw$score, raw$group), one)
blocks <- sapply(names(found), function(name) paste0('"', name, '": {',
  paste0('"', names(found[[name]]), '": ', found[[name]], collapse = ", "), "}"))
cat("{", paste(blocks, collapse = ",\n"), "}\n", sep = "")
