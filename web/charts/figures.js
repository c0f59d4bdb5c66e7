// Charts of the figures' tables, for eyes: the tables stay, and say the same to everybody.
import "./parts/between.js";
import { draw } from "./parts/bars.js";

for (const figure of document.querySelectorAll("figure[data-chart]")) draw(figure);
