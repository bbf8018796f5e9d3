// What makes a page live: figures from the stream, marks on what moved, the age of the data.
import * as age from "./age.js";
import * as charts from "./charts.js";
import * as pickers from "./pickers.js";
import * as ranking from "./ranking.js";
import * as refresh from "./refresh.js";
import * as rows from "./rows.js";
import * as score from "./score.js";
import * as stream from "./stream.js";

document.documentElement.classList.add("live");
pickers.start();
rows.start();
charts.start();
age.start();
refresh.start(() => stream.open(document.body.dataset.stream));
stream.start({
  score: (document) => refresh.heard(document, score.show(document)),
  ranking: (document) => refresh.heard(document, ranking.show(document)),
  stamp: (asOf) => {
    age.set(asOf);
    refresh.seen(asOf);
  },
  recovered: refresh.request,
});
