'use client';

import { shorten } from './format';
import { matrixOf, topPairs, type Matrix } from './heat';
import { chartName } from './names';
import { CHARACTER_PX, NARROW_PX, type PlotProps } from './plot';

const MOST_PAIRS = 16;
const MOST_PAIRS_NARROW = 12;
const NAME_LENGTH = 18;
const ROW_PX = 22;

function matrixIn({ chart, width }: PlotProps): Matrix {
  return matrixOf(topPairs(chart, width < NARROW_PX ? MOST_PAIRS_NARROW : MOST_PAIRS));
}

/** Height of the drawing in CSS pixels. */
export function heatHeight(props: PlotProps): number {
  const matrix = matrixIn(props);
  return props.width < NARROW_PX ? listHeight(matrix) : matrixHeight(matrix);
}

function matrixHeight({ rows, columns }: Matrix): number {
  return matrixTop(columns) + rows.length * ROW_PX + 4;
}

/** Room for the names above the columns. */
function matrixTop(columns: readonly string[]): number {
  return roomFor(columns) + 20;
}

function listHeight({ cells }: Matrix): number {
  return cells.length * ROW_PX + 24;
}

/** Confused classes: a matrix of the worst pairs, or a list where a matrix has no room. */
export function HeatPlot({ chart, width }: PlotProps) {
  const isNarrow = width < NARROW_PX;
  const matrix = matrixIn({ chart, width });
  const label = `${chartName(chart)}, a drawing; its table says the same`;
  return isNarrow ? (
    <PairList matrix={matrix} width={width} label={label} />
  ) : (
    <MatrixPlot matrix={matrix} width={width} label={label} takenFor={chart.x.label} />
  );
}

interface DrawingProps {
  readonly matrix: Matrix;
  readonly width: number;
  readonly label: string;
}

function MatrixPlot({ matrix, width, label, takenFor }: DrawingProps & { takenFor: string }) {
  const { rows, columns, cells, largest } = matrix;
  const left = roomFor(rows);
  const top = matrixTop(columns);
  const cellPx = Math.min(34, (width - left - 8) / columns.length);
  const height = matrixHeight(matrix);
  return (
    <svg
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={label}
    >
      <text x={left - 8} y={top - 8} textAnchor="end" fontSize={12} fill="var(--ink-muted)">
        Really
      </text>
      <text x={left} y={10} fontSize={12} fill="var(--ink-muted)">
        {takenFor}
      </text>
      {columns.map((name, i) => (
        <text
          key={name}
          transform={`translate(${left + (i + 0.5) * cellPx} ${top - 8}) rotate(-90)`}
          dy="0.32em"
          fontSize={12}
          fill="var(--ink)"
        >
          {shorten(name, NAME_LENGTH)}
        </text>
      ))}
      {rows.map((name, i) => (
        <g key={name} transform={`translate(0 ${top + i * ROW_PX})`}>
          <line x1={left} x2={left + columns.length * cellPx} stroke="var(--chart-grid)" />
          <text
            x={left - 8}
            y={ROW_PX / 2}
            dy="0.32em"
            textAnchor="end"
            fontSize={12}
            fill="var(--ink)"
          >
            {shorten(name, NAME_LENGTH)}
          </text>
        </g>
      ))}
      {columns.map((name, i) => (
        <line
          key={name}
          x1={left + i * cellPx}
          x2={left + i * cellPx}
          y1={top}
          y2={top + rows.length * ROW_PX}
          stroke="var(--chart-grid)"
        />
      ))}
      {cells.map(({ row, column, value }) => (
        <g
          key={`${row}/${column}`}
          transform={`translate(${left + columns.indexOf(column) * cellPx} ${top + rows.indexOf(row) * ROW_PX})`}
        >
          <rect
            x={1}
            y={1}
            width={cellPx - 2}
            height={ROW_PX - 2}
            rx={2}
            fill="var(--chart-failed)"
            fillOpacity={strength(value, largest)}
          />
          <text
            x={cellPx / 2}
            y={ROW_PX / 2}
            dy="0.34em"
            textAnchor="middle"
            fontSize={12}
            fontWeight={600}
            fill="var(--ink)"
          >
            {value}
          </text>
        </g>
      ))}
    </svg>
  );
}

function PairList({ matrix, width, label }: DrawingProps) {
  const { cells, largest } = matrix;
  const height = listHeight(matrix);
  const each = Math.floor((width - 84) / 2 / CHARACTER_PX);
  return (
    <svg
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={label}
    >
      <text y={10} fontSize={12} fill="var(--ink-muted)">
        Really → taken for
      </text>
      {cells.map(({ row, column, value }, i) => (
        <g key={`${row}/${column}`} transform={`translate(0 ${i * ROW_PX + 22})`}>
          <text y={ROW_PX / 2} dy="0.32em" fontSize={12} fill="var(--ink)">
            {`${shorten(row, each)} → ${shorten(column, each)}`}
          </text>
          <rect
            x={width - 36}
            y={1}
            width={36}
            height={ROW_PX - 2}
            rx={2}
            fill="var(--chart-failed)"
            fillOpacity={strength(value, largest)}
          />
          <text
            x={width - 18}
            y={ROW_PX / 2}
            dy="0.34em"
            textAnchor="middle"
            fontSize={12}
            fontWeight={600}
            fill="var(--ink)"
          >
            {value}
          </text>
        </g>
      ))}
    </svg>
  );
}

/** Opacity of a cell. It has an upper limit, so that the number on the cell stays legible. */
function strength(value: number, largest: number): number {
  return 0.08 + 0.42 * (value / largest);
}

function roomFor(names: readonly string[]): number {
  const longest = Math.max(0, ...names.map((name) => shorten(name, NAME_LENGTH).length));
  return Math.ceil(longest * CHARACTER_PX) + 16;
}
