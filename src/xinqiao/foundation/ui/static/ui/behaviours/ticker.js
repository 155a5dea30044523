// A worker that only ticks: browsers slow the timers of hidden pages down to one a minute, a worker's they do not.
let timer;
onmessage = (event) => {
  clearInterval(timer);
  timer = setInterval(() => postMessage("tick"), event.data);
};
