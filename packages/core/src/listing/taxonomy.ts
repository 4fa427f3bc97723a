/** One topic of arXiv's taxonomy. */
export interface Category {
  /** As arXiv writes it: `cs.CL`, `hep-th`, `cond-mat.mes-hall`. */
  readonly code: string;
  readonly name: string;
  readonly archive: string;
  readonly group: string;
  /** The code arXiv files it under today, where it is another one. */
  readonly canonical?: string;
}

/**
 * The code a paper is filed under today: aliases (`cs.NA` → `math.NA`) and archives that were subsumed
 * (`cmp-lg` → `cs.CL`) are replaced, case is repaired (`CS.cl` → `cs.CL`); any other word is returned trimmed.
 */
export function canonicalCategory(code: string): string {
  const known = spelling.get(code.trim().toLowerCase());
  if (known === undefined) return code.trim();
  return aliases[known] ?? subsumed[known] ?? known;
}

/** Is it one of arXiv's categories, in use today or earlier, in any case? Archives that are no category are not. */
export function isCategory(code: string): boolean {
  const known = spelling.get(code.trim().toLowerCase());
  return (
    known !== undefined &&
    (categories.has(known) || Object.hasOwn(subsumed, known) || retired.includes(known))
  );
}

/** `cs.CL` → `Computation and Language`; also the names of archives and of subsumed archives. */
export function categoryName(code: string): string | undefined {
  const known = spelling.get(code.trim().toLowerCase());
  if (known === undefined) return undefined;
  return categories.get(known)?.name ?? archives[known]?.name ?? subsumedNames[known];
}

/** `cs.CL` → `cs`, `hep-th` → `hep-th`, `cmp-lg` → `cmp-lg`; undefined for what is not arXiv's. */
export function archiveOf(code: string): string | undefined {
  const known = spelling.get(code.trim().toLowerCase());
  if (known === undefined) return undefined;
  const dot = known.indexOf(".");
  return dot < 0 ? known : known.slice(0, dot);
}

/** The field a code belongs to, as arXiv's front page groups them: `Physics`, `Computer Science`, … */
export function groupOf(code: string): string | undefined {
  const archive = archiveOf(canonicalCategory(code));
  return archive === undefined ? undefined : archives[archive]?.group;
}

/** Archives that became a category of another one, with that category (arXiv's `archives_subsumed`). */
export const subsumed: Readonly<Record<string, string>> = {
  "cmp-lg": "cs.CL",
  "adap-org": "nlin.AO",
  "comp-gas": "nlin.CG",
  "chao-dyn": "nlin.CD",
  "solv-int": "nlin.SI",
  "patt-sol": "nlin.PS",
  "alg-geom": "math.AG",
  "dg-ga": "math.DG",
  "funct-an": "math.FA",
  "q-alg": "math.QA",
  "mtrl-th": "cond-mat.mtrl-sci",
  "supr-con": "cond-mat.supr-con",
  "acc-phys": "physics.acc-ph",
  "ao-sci": "physics.ao-ph",
  "atom-ph": "physics.atom-ph",
  "bayes-an": "physics.data-an",
  "chem-ph": "physics.chem-ph",
  "plasm-ph": "physics.plasm-ph",
};

/** Pairs under which arXiv lists a paper twice; the right side is canonical. */
export const aliases: Readonly<Record<string, string>> = {
  "math.MP": "math-ph",
  "stat.TH": "math.ST",
  "math.IT": "cs.IT",
  "q-fin.EC": "econ.GN",
  "cs.SY": "eess.SY",
  "cs.NA": "math.NA",
};

/** Codes that papers still carry from before their archive was divided into categories. */
export const retired: readonly string[] = ["astro-ph", "cond-mat", "q-bio"];

const subsumedNames: Readonly<Record<string, string>> = {
  "cmp-lg": "Computation and Language",
  "adap-org": "Adaptation, Noise, and Self-Organizing Systems",
  "comp-gas": "Cellular Automata and Lattice Gases",
  "chao-dyn": "Chaotic Dynamics",
  "solv-int": "Exactly Solvable and Integrable Systems",
  "patt-sol": "Pattern Formation and Solitons",
  "alg-geom": "Algebraic Geometry",
  "dg-ga": "Differential Geometry",
  "funct-an": "Functional Analysis",
  "q-alg": "Quantum Algebra and Topology",
  "mtrl-th": "Materials Theory",
  "supr-con": "Superconductivity",
  "acc-phys": "Accelerator Physics",
  "ao-sci": "Atmospheric-Oceanic Sciences",
  "atom-ph": "Atomic, Molecular and Optical Physics",
  "bayes-an": "Bayesian Analysis",
  "chem-ph": "Chemical Physics",
  "plasm-ph": "Plasma Physics",
};

/** The 20 archives in use, their group, and their categories one a line as `suffix name` (none: the archive is the category). */
const archives: Readonly<Record<string, { name: string; group: string; lines: string }>> = {
  "astro-ph": {
    name: "Astrophysics",
    group: "Physics",
    lines: `
      CO Cosmology and Nongalactic Astrophysics
      EP Earth and Planetary Astrophysics
      GA Astrophysics of Galaxies
      HE High Energy Astrophysical Phenomena
      IM Instrumentation and Methods for Astrophysics
      SR Solar and Stellar Astrophysics`,
  },
  "cond-mat": {
    name: "Condensed Matter",
    group: "Physics",
    lines: `
      dis-nn Disordered Systems and Neural Networks
      mes-hall Mesoscale and Nanoscale Physics
      mtrl-sci Materials Science
      other Other Condensed Matter
      quant-gas Quantum Gases
      soft Soft Condensed Matter
      stat-mech Statistical Mechanics
      str-el Strongly Correlated Electrons
      supr-con Superconductivity`,
  },
  cs: {
    name: "Computer Science",
    group: "Computer Science",
    lines: `
      AI Artificial Intelligence
      AR Hardware Architecture
      CC Computational Complexity
      CE Computational Engineering, Finance, and Science
      CG Computational Geometry
      CL Computation and Language
      CR Cryptography and Security
      CV Computer Vision and Pattern Recognition
      CY Computers and Society
      DB Databases
      DC Distributed, Parallel, and Cluster Computing
      DL Digital Libraries
      DM Discrete Mathematics
      DS Data Structures and Algorithms
      ET Emerging Technologies
      FL Formal Languages and Automata Theory
      GL General Literature
      GR Graphics
      GT Computer Science and Game Theory
      HC Human-Computer Interaction
      IR Information Retrieval
      IT Information Theory
      LG Machine Learning
      LO Logic in Computer Science
      MA Multiagent Systems
      MM Multimedia
      MS Mathematical Software
      NA Numerical Analysis
      NE Neural and Evolutionary Computing
      NI Networking and Internet Architecture
      OH Other Computer Science
      OS Operating Systems
      PF Performance
      PL Programming Languages
      RO Robotics
      SC Symbolic Computation
      SD Sound
      SE Software Engineering
      SI Social and Information Networks
      SY Systems and Control`,
  },
  econ: {
    name: "Economics",
    group: "Economics",
    lines: `
      EM Econometrics
      GN General Economics
      TH Theoretical Economics`,
  },
  eess: {
    name: "Electrical Engineering and Systems Science",
    group: "Electrical Engineering and Systems Science",
    lines: `
      AS Audio and Speech Processing
      IV Image and Video Processing
      SP Signal Processing
      SY Systems and Control`,
  },
  "gr-qc": {
    name: "General Relativity and Quantum Cosmology",
    group: "Physics",
    lines: ``,
  },
  "hep-ex": {
    name: "High Energy Physics - Experiment",
    group: "Physics",
    lines: ``,
  },
  "hep-lat": {
    name: "High Energy Physics - Lattice",
    group: "Physics",
    lines: ``,
  },
  "hep-ph": {
    name: "High Energy Physics - Phenomenology",
    group: "Physics",
    lines: ``,
  },
  "hep-th": {
    name: "High Energy Physics - Theory",
    group: "Physics",
    lines: ``,
  },
  "math-ph": {
    name: "Mathematical Physics",
    group: "Physics",
    lines: ``,
  },
  math: {
    name: "Mathematics",
    group: "Mathematics",
    lines: `
      AC Commutative Algebra
      AG Algebraic Geometry
      AP Analysis of PDEs
      AT Algebraic Topology
      CA Classical Analysis and ODEs
      CO Combinatorics
      CT Category Theory
      CV Complex Variables
      DG Differential Geometry
      DS Dynamical Systems
      FA Functional Analysis
      GM General Mathematics
      GN General Topology
      GR Group Theory
      GT Geometric Topology
      HO History and Overview
      IT Information Theory
      KT K-Theory and Homology
      LO Logic
      MG Metric Geometry
      MP Mathematical Physics
      NA Numerical Analysis
      NT Number Theory
      OA Operator Algebras
      OC Optimization and Control
      PR Probability
      QA Quantum Algebra
      RA Rings and Algebras
      RT Representation Theory
      SG Symplectic Geometry
      SP Spectral Theory
      ST Statistics Theory`,
  },
  nlin: {
    name: "Nonlinear Sciences",
    group: "Physics",
    lines: `
      AO Adaptation and Self-Organizing Systems
      CD Chaotic Dynamics
      CG Cellular Automata and Lattice Gases
      PS Pattern Formation and Solitons
      SI Exactly Solvable and Integrable Systems`,
  },
  "nucl-ex": {
    name: "Nuclear Experiment",
    group: "Physics",
    lines: ``,
  },
  "nucl-th": {
    name: "Nuclear Theory",
    group: "Physics",
    lines: ``,
  },
  physics: {
    name: "Physics",
    group: "Physics",
    lines: `
      acc-ph Accelerator Physics
      ao-ph Atmospheric and Oceanic Physics
      app-ph Applied Physics
      atm-clus Atomic and Molecular Clusters
      atom-ph Atomic Physics
      bio-ph Biological Physics
      chem-ph Chemical Physics
      class-ph Classical Physics
      comp-ph Computational Physics
      data-an Data Analysis, Statistics and Probability
      ed-ph Physics Education
      flu-dyn Fluid Dynamics
      gen-ph General Physics
      geo-ph Geophysics
      hist-ph History and Philosophy of Physics
      ins-det Instrumentation and Detectors
      med-ph Medical Physics
      optics Optics
      plasm-ph Plasma Physics
      pop-ph Popular Physics
      soc-ph Physics and Society
      space-ph Space Physics`,
  },
  "q-bio": {
    name: "Quantitative Biology",
    group: "Quantitative Biology",
    lines: `
      BM Biomolecules
      CB Cell Behavior
      GN Genomics
      MN Molecular Networks
      NC Neurons and Cognition
      OT Other Quantitative Biology
      PE Populations and Evolution
      QM Quantitative Methods
      SC Subcellular Processes
      TO Tissues and Organs`,
  },
  "q-fin": {
    name: "Quantitative Finance",
    group: "Quantitative Finance",
    lines: `
      CP Computational Finance
      EC Economics
      GN General Finance
      MF Mathematical Finance
      PM Portfolio Management
      PR Pricing of Securities
      RM Risk Management
      ST Statistical Finance
      TR Trading and Market Microstructure`,
  },
  "quant-ph": {
    name: "Quantum Physics",
    group: "Physics",
    lines: ``,
  },
  stat: {
    name: "Statistics",
    group: "Statistics",
    lines: `
      AP Applications
      CO Computation
      ME Methodology
      ML Machine Learning
      OT Other Statistics
      TH Statistics Theory`,
  },
};

/** The 155 active categories by code, archive by archive. */
export const categories: ReadonlyMap<string, Category> = new Map(
  Object.entries(archives).flatMap(([archive, { name, group, lines }]) => {
    const rows =
      lines.trim() === ""
        ? [{ code: archive, name }]
        : lines
            .trim()
            .split("\n")
            .map((line) => {
              const [suffix = "", ...words] = line.trim().split(" ");
              return { code: `${archive}.${suffix}`, name: words.join(" ") };
            });
    return rows.map((row): [string, Category] => {
      const canonical = aliases[row.code];
      return [row.code, { ...row, archive, group, ...(canonical === undefined ? {} : { canonical }) }];
    });
  }),
);

/** Archives in use, in arXiv's order. */
export const archiveCodes: readonly string[] = Object.keys(archives);

/** Lower case → arXiv's spelling, for every code there is. */
const spelling: ReadonlyMap<string, string> = new Map(
  [...categories.keys(), ...archiveCodes, ...Object.keys(subsumed)].map((code) => [code.toLowerCase(), code]),
);
