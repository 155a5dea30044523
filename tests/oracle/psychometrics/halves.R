# Even-odd consistency of the sheets in halves.csv (the SDQ's five parts, answers 0-2), written as JSON for
# test_halves.py by base R alone. Run in this folder: Rscript halves.R > halves.json   (R 4.2)
parts <- list(emotional = c(3, 8, 13, 16, 24), conduct = c(5, 7, 12, 18, 22), hyperactivity = c(2, 10, 15, 21, 25),
              peer = c(6, 11, 14, 19, 23), prosocial = c(1, 4, 9, 17, 20))
reversed <- c(7, 11, 14, 21, 25)

raw <- as.matrix(read.csv("halves.csv", check.names = FALSE)[, -1])
raw[, reversed] <- 2 - raw[, reversed]

one <- function(sheet) {
  odd <- sapply(parts, function(items) mean(sheet[items[c(1, 3, 5)]], na.rm = TRUE))
  even <- sapply(parts, function(items) mean(sheet[items[c(2, 4)]], na.rm = TRUE))
  kept <- is.finite(odd) & is.finite(even)
  if (sum(kept) < 3 || sd(odd[kept]) == 0 || sd(even[kept]) == 0) return(NA)
  r <- cor(odd[kept], even[kept])
  max(-1, if (r <= -1 / 3) -1 else 2 * r / (1 + r))
}

number <- function(x) ifelse(is.na(x), "null", formatC(as.numeric(x), digits = 12, format = "g"))
cat("[", paste(number(apply(raw, 1, one)), collapse = ", "), "]\n", sep = "")
