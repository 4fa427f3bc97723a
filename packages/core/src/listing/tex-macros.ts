/** What becomes of a macro: `text` its argument, `second` its second argument, `reference` its keys in brackets. */
export type MacroKind =
  | "text"
  | "second"
  | "reference"
  | "drop"
  | "script"
  | "switch"
  | "space"
  | "environment";

/** The light macros of titles and abstracts. */
export const macroKinds: ReadonlyMap<string, MacroKind> = new Map(
  Object.entries({
    text: `emph textit textbf texttt textsf textsc textrm text textnormal textup textsl textmd underline uline mbox hbox url path
      uppercase lowercase enquote textquote gls Gls glspl Glspl acrshort acrlong acrfull ac acs acl acp nolinkurl sout
      mathrm mathbf mathit mathsf mathtt operatorname ensuremath boldsymbol bm`,
    second: "href textcolor colorbox scalebox hyperlink hyperref foreignlanguage",
    reference:
      "cite citep citet citealp citealt citeauthor citeyear parencite textcite ref eqref autoref cref Cref",
    drop: "label footnote thanks vspace hspace color index footnotetext footnotemark",
    script: "textsuperscript textsubscript",
    switch: `it bf em rm sf tt sc sl itshape bfseries scshape ttfamily rmfamily sffamily upshape slshape mdseries normalfont
      tiny scriptsize footnotesize small normalsize large Large LARGE huge Huge noindent centering displaystyle textstyle
      protect relax allowbreak nobreak bigskip medskip smallskip xspace`,
    space: "item par newline linebreak quad qquad space enspace thinspace hfill newpage smallbreak",
    environment: "begin end",
  } satisfies Record<MacroKind, string>).flatMap(([kind, names]) =>
    names.split(/\s+/).map((name): [string, MacroKind] => [name, kind as MacroKind]),
  ),
);

/** Environments whose content is maths. */
export const equations: ReadonlySet<string> = new Set(
  "equation equation* align align* displaymath math eqnarray eqnarray* gather gather* multline multline*".split(
    " ",
  ),
);
