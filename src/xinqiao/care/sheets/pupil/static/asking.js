// Which question of a scale comes next, and when it is enough: the server's engine (engines/adaptive/asking.py) over
// again, to the last bit. Every sum runs in the same order there; nothing here may be added up another way.

const LEAST_CHANCE = 1e-12;
const PLACES = 1e9;
const WHOLE = 4503599627370496; // 2^52: adding and taking it away rounds half to even, as the engine does

function rounded(value) {
  return value + WHOLE - WHOLE;
}

function sumOf(values) {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

function curvesOf(item, table) {
  const points = table.prior.length;
  const reached = [new Array(points).fill(table.quanta), ...item.reached, new Array(points).fill(0)];
  const slopes = reached.map((row) =>
    row.map((value) => item.slope * (value / table.quanta) * (1 - value / table.quanta))
  );
  const chances = item.codes.map((code, at) =>
    table.prior.map((_, point) => Math.max((reached[at][point] - reached[at + 1][point]) / table.quanta, LEAST_CHANCE))
  );
  const information = table.prior.map((_, point) =>
    sumOf(chances.map((row, at) => {
      const step = slopes[at][point] - slopes[at + 1][point];
      return (step * step) / row[point];
    }))
  );
  return { number: item.n, codes: item.codes, spans: item.spans, chances, information };
}

// A path is a list of [question number, code], the code null where the question was passed over.
export class Asking {
  constructor(table) {
    this.table = table;
    this.curves = table.items.map((item) => curvesOf(item, table));
    this.byNumber = new Map(this.curves.map((curves) => [curves.number, curves]));
    this.known = new Map(); // what follows a path that was walked before
  }

  // {path, open}: what was asked so far, and the question at hand (null: it is enough).
  walk(codeOf, isPassedOver) {
    const path = [];
    for (;;) {
      const open = this.next(path);
      if (open === null) return { path, open };
      const code = codeOf(open);
      if (code === null && !isPassedOver(open)) return { path, open };
      path.push([open, code]);
    }
  }

  forget() {
    this.known.clear();
  }

  next(path) {
    const key = path.join("|");
    if (!this.known.has(key)) this.known.set(key, this.decide(path));
    return this.known.get(key);
  }

  decide(path) {
    const { always, lead, fewest } = this.table;
    const asked = new Set(path.map((step) => step[0]));
    const answers = new Map(path.filter((step) => step[1] !== null));
    const weights = this.posterior(answers);
    const due = always.filter((number) => !asked.has(number));
    if (due.length) {
      const led = path.filter((step) => always.indexOf(step[0]) < 0).length;
      const first = led >= lead ? null : this.mostTelling(weights, new Set([...asked, ...always]));
      return first === null ? due[0] : first;
    }
    if (answers.size >= fewest && this.isEnough(weights, answers)) return null;
    return this.mostTelling(weights, asked);
  }

  posterior(answers) {
    let weights = this.table.prior;
    for (const [number, code] of answers) {
      const curves = this.byNumber.get(number);
      if (!curves) continue;
      const chances = curves.chances[curves.codes.indexOf(code)];
      const heavier = weights.map((weight, point) => weight * chances[point]);
      const all = sumOf(heavier);
      weights = heavier.map((weight) => weight / all);
    }
    return weights;
  }

  mostTelling(weights, without) {
    let best = null;
    let most = -1;
    for (const curves of this.curves) {
      if (without.has(curves.number)) continue;
      const told = rounded(sumOf(curves.information.map((value, point) => value * weights[point])) * PLACES);
      if (told > most) {
        most = told;
        best = curves.number;
      }
    }
    return best;
  }

  isEnough(weights, answers) {
    const { cut, most, missed_at_most: missed, false_at_most: wrong, precision = null } = this.table;
    let points = 0;
    let reserve = 0;
    for (const curves of this.curves) {
      if (answers.has(curves.number)) points += curves.spans[curves.codes.indexOf(answers.get(curves.number))];
      else reserve += curves.spans[curves.spans.length - 1];
    }
    if (reserve === 0 || (most !== null && answers.size >= most)) return true;
    if (precision !== null && this.deviation(weights) > precision) return false;
    if (points >= cut || points + reserve < cut) return true;
    const reaches = this.chanceToReach(weights, answers, cut - points);
    const yes = this.table.low_side ? 1 - reaches : reaches;
    return (missed !== null && yes <= missed) || (wrong !== null && 1 - yes <= wrong);
  }

  // How uncertain it still is where this pupil stands: the standard deviation over the grid.
  deviation(weights) {
    const { grid } = this.table;
    const middle = sumOf(weights.map((weight, point) => weight * grid[point]));
    return Math.sqrt(sumOf(weights.map((weight, point) => weight * ((grid[point] - middle) * (grid[point] - middle)))));
  }

  // The chance that the questions not asked add up to `lacking` points or more.
  chanceToReach(weights, answers, lacking) {
    const open = this.curves.filter((curves) => !answers.has(curves.number));
    return sumOf(weights.map((weight, point) => {
      let sums = new Array(lacking + 1).fill(0);
      sums[0] = 1;
      for (const curves of open) sums = grown(sums, curves, point, lacking);
      return sums[lacking] * weight;
    }));
  }
}

function grown(sums, curves, point, ceiling) {
  const more = sums.map((sum) => sum * curves.chances[0][point]);
  for (let category = 1; category < curves.spans.length; category += 1) {
    const span = curves.spans[category];
    const share = sums.map((sum) => sum * curves.chances[category][point]);
    for (let at = span; at <= ceiling; at += 1) more[at] += share[at - span];
    more[ceiling] += sumOf(share.slice(Math.max(0, ceiling + 1 - span)));
  }
  return more;
}
