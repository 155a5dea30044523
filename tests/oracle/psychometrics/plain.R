# Every figure of `xinqiao stats items` that figures.R does not hold, of the same three tables, by base R alone; written
# as JSON for test_every_figure.py. Run in this folder: Rscript plain.R > plain.json   (R 4.2)
#
# Even-odd consistency here is that of a plain table: the parts are named on the command line, and need not be those of
# any scale. A missing answer is left out of the mean of its half; a part that has lost a whole half is left out of the
# correlation; a constant item stays in its half, as it was answered like any other.
tables <- list(
  complete = list(reverse = integer(0), low = 0, high = 3, parts = list(1:3, 4:6, 7:9)),
  missing = list(reverse = c(4, 8), low = 1, high = 5, parts = list(1:2, 3:4, 5:6, 7:8, 9:10, 11:12)),
  constant = list(reverse = integer(0), low = 0, high = 2, parts = list(1:2, 3:4, 5:6, 7:8)))

told <- function(x) {
  x <- unname(x)
  if (is.character(x)) return(paste0('"', x, '"'))
  if (is.logical(x) && !all(is.na(x))) return(ifelse(x, "true", "false"))
  ifelse(is.na(x), "null", formatC(as.numeric(x), digits = 15, format = "g", width = 1))
}
list_of <- function(x) paste0("[", if (length(x)) paste(told(x), collapse = ", "), "]")
object_of <- function(parts) paste0("{", paste0('"', names(parts), '": ', unlist(parts), collapse = ",\n "), "}")

read <- function(file) {
  found <- read.csv(file, check.names = FALSE, colClasses = "character")
  list(ids = found[, 1], raw = as.matrix(sapply(found[, -1], as.numeric)), items = names(found)[-1])
}

even_odd <- function(sheet, parts) {
  half <- function(items) { given <- sheet[items]; given <- given[!is.na(given)]; if (length(given)) mean(given) else NA }
  odd <- sapply(parts, function(items) half(items[seq(1, length(items), by = 2)]))
  even <- sapply(parts, function(items) half(items[seq(2, length(items), by = 2)]))
  kept <- !is.na(odd) & !is.na(even)
  if (sum(kept) < 3 || var(odd[kept]) < 1e-20 || var(even[kept]) < 1e-20) return(NA)
  r <- cor(odd[kept], even[kept])
  if (r <= -1 / 3) -1 else 2 * r / (1 + r)
}

runs <- function(sheet) {
  lengths <- integer(0); before <- NA
  for (answer in sheet) {
    if (!is.na(answer)) {
      if (!is.na(before) && answer == before) lengths[length(lengths)] <- lengths[length(lengths)] + 1
      else lengths <- c(lengths, 1)
    }
    before <- answer
  }
  lengths
}

one <- function(name) {
  wanted <- tables[[name]]
  table <- read(paste0(name, ".csv"))
  raw <- table$raw
  x <- raw
  x[, wanted$reverse] <- wanted$low + wanted$high - x[, wanted$reverse]
  varies <- apply(x, 2, function(column) length(unique(column[!is.na(column)])) > 1)
  kept <- x[, varies]
  covariance <- cov(kept, use = "pairwise.complete.obs")
  all_items <- cov(x, use = "pairwise.complete.obs")
  centre <- colMeans(kept, na.rm = TRUE)
  distance <- sapply(seq_len(nrow(kept)), function(at) {
    has <- !is.na(kept[at, ])
    mahalanobis(kept[at, has], centre[has], covariance[has, has])
  })
  answered <- colSums(!is.na(x))
  lowest <- min(x, na.rm = TRUE); highest <- max(x, na.rm = TRUE)
  object_of(list(
    n = told(nrow(x)), n_complete = told(sum(complete.cases(kept))), n_items = told(ncol(x)),
    constant_items = list_of(table$items[!varies]),
    alpha_of_all_items = told(ncol(x) / (ncol(x) - 1) * (1 - sum(diag(all_items)) / sum(all_items))),
    items = object_of(list(
      item = list_of(table$items), is_reversed = list_of(seq_len(ncol(x)) %in% wanted$reverse),
      answered = list_of(answered), missing = list_of(nrow(x) - answered),
      mean = list_of(apply(x, 2, mean, na.rm = TRUE)), sd = list_of(apply(x, 2, sd, na.rm = TRUE)),
      lowest = list_of(apply(x, 2, min, na.rm = TRUE)), highest = list_of(apply(x, 2, max, na.rm = TRUE)),
      at_lowest = list_of(colSums(x == lowest, na.rm = TRUE) / answered),
      at_highest = list_of(colSums(x == highest, na.rm = TRUE) / answered))),
    sheets = object_of(list(
      id = list_of(table$ids), answered = list_of(rowSums(!is.na(x))), total = list_of(rowSums(x)),
      longstring = list_of(apply(raw, 1, function(sheet) max(c(0, runs(sheet))))),
      average_string = list_of(apply(raw, 1, function(sheet) mean(runs(sheet)))),
      irv = list_of(apply(raw, 1, sd, na.rm = TRUE)),
      mahalanobis = list_of(distance),
      mahalanobis_p = list_of(pchisq(distance, rowSums(!is.na(kept)), lower.tail = FALSE)),
      even_odd = list_of(apply(x, 1, even_odd, parts = wanted$parts))))))
}

change <- function(is_turned) {
  first <- read("complete.csv"); later <- read("later.csv")
  if (is_turned) later$raw <- 3 - later$raw
  covariance <- cov(first$raw)
  size <- ncol(covariance)
  alpha <- size / (size - 1) * (1 - sum(diag(covariance)) / sum(covariance))
  error <- sqrt(2) * sqrt(sum(covariance)) * sqrt(1 - alpha)
  before <- rowSums(first$raw)
  after <- rowSums(later$raw)[match(first$ids, later$ids)]
  index <- (after - before) / error
  direction <- ifelse(abs(index) < 1.96, "within_error", ifelse(index > 0, "higher", "lower"))
  object_of(list(id = list_of(first$ids), first = list_of(before), second = list_of(after), rci = list_of(index),
                 direction = list_of(direction)))
}

found <- lapply(names(tables), one)
names(found) <- names(tables)
found$change <- change(FALSE)
found$change_turned <- change(TRUE)
cat(object_of(found), "\n", sep = "")
