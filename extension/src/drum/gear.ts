/** The outline of a gear around the origin, as an SVG path: trapezoid teeth on a disc with holes. */
export function gearPath(radius: number, teeth: number): string {
  const root = radius * 0.82;
  const step = (2 * Math.PI) / teeth;
  const points: string[] = [];
  for (let tooth = 0; tooth < teeth; tooth++) {
    for (const [at, r] of [
      [0.02, root],
      [0.22, radius],
      [0.52, radius],
      [0.72, root],
    ] as const) {
      points.push(point(r, (tooth + at) * step));
    }
  }
  const holes = Array.from({ length: 6 }, (_, hole) => ring(radius * 0.13, radius * 0.52, (hole * Math.PI) / 3));
  return `M${points.join("L")}Z${ring(radius * 0.2, 0, 0)}${holes.join("")}`;
}

function point(radius: number, angle: number): string {
  return `${(radius * Math.cos(angle)).toFixed(2)} ${(radius * Math.sin(angle)).toFixed(2)}`;
}

/** A round hole of radius `r` at a distance from the origin. */
function ring(r: number, distance: number, angle: number): string {
  const [x, y] = [distance * Math.cos(angle), distance * Math.sin(angle)];
  const f = (value: number): string => value.toFixed(2);
  return `M${f(x + r)} ${f(y)}A${f(r)} ${f(r)} 0 1 0 ${f(x - r)} ${f(y)}A${f(r)} ${f(r)} 0 1 0 ${f(x + r)} ${f(y)}Z`;
}
