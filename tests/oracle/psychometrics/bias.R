# Item bias in groups.csv by ordinal (MASS::polr) and, for the item of two answers, logistic (stats::glm) regression,
# written as JSON for test_bias.py. Run in this folder: Rscript bias.R > bias.json   (R 4.2, MASS 7.3)
suppressPackageStartupMessages(library(MASS))

number <- function(x) ifelse(is.na(x), "null", formatC(as.numeric(x), digits = 12, format = "g"))
vector_of <- function(x) paste0("[", paste(number(x), collapse = ", "), "]")
told <- read.csv("groups.csv", check.names = FALSE)
items <- told[, -(1:3)]

fitted <- function(answer, score, group, model) {
  data <- data.frame(answer = factor(answer), score = as.numeric(scale(score)), group = factor(group))
  right <- c("1", "score", "score + group", "score * group")[model]
  shape <- as.formula(paste("answer ~", right))
  if (nlevels(data$answer) == 2) return(glm(shape, binomial, data, control = list(epsilon = 1e-14, maxit = 200)))
  polr(shape, data, method = "logistic", control = list(reltol = 1e-15, maxit = 2000))
}

nagelkerke <- function(nothing, fit, n) (1 - exp(2 / n * (nothing - fit))) / (1 - exp(2 / n * nothing))

one_item <- function(at, anchors, group) {
  answer <- items[, at]
  score <- rowSums(items[, sort(union(anchors, at)), drop = FALSE])
  told <- sapply(1:4, function(model) as.numeric(logLik(fitted(answer, score, group, model))))
  r <- nagelkerke(told[1], told[2:4], nrow(items))
  free <- 2 * (length(unique(group)) - 1)
  c(effect = r[3] - r[1], uniform = r[2] - r[1],
    chance = pchisq(2 * (told[4] - told[2]), free, lower.tail = FALSE))
}

purified <- function(group) {
  anchors <- seq_along(items)
  for (round in 0:10) {
    found <- t(sapply(seq_along(items), one_item, anchors = anchors, group = group))
    clean <- which(!(found[, "effect"] >= 0.035 & found[, "chance"] < 0.05))
    if (setequal(clean, anchors) || length(clean) < 3) break
    anchors <- clean
  }
  parts <- sapply(colnames(found), function(name) paste0('"', name, '": ', vector_of(found[, name])))
  paste0("{", paste(parts, collapse = ", "), ', "anchors": ', vector_of(anchors), ', "rounds": ', round, "}")
}

cat('{"sex": ', purified(told$sex), ',\n"stage": ', purified(told$stage), "}\n", sep = "")
