/** TeX's accents as combining characters: `\'` `\"` … and the ones with a letter for a name. */
export const accents: ReadonlyMap<string, string> = new Map([
  ["'", "\u0301"],
  ["`", "\u0300"],
  ["^", "\u0302"],
  ['"', "\u0308"],
  ["~", "\u0303"],
  ["=", "\u0304"],
  [".", "\u0307"],
  ["u", "\u0306"],
  ["v", "\u030c"],
  ["H", "\u030b"],
  ["c", "\u0327"],
  ["k", "\u0328"],
  ["r", "\u030a"],
  ["d", "\u0323"],
  ["b", "\u0331"],
  ["t", "\u0361"],
]);

/** Letters and ligatures, as arXiv knows them. */
export const letters: Readonly<Record<string, string>> = pairs(`
  AA Å AE Æ DH Ð DJ Đ ETH Ð L Ł NG Ŋ O Ø oe œ OE Œ TH Þ aa å ae æ dh ð dj đ eth ð i ı l ł ng ŋ o ø ss ß th þ
`);

/** Greek letters, as arXiv knows them: `\phi` is the straight form, `\varphi` the usual letter; `upsion` is its spelling. */
export const greek: Readonly<Record<string, string>> = pairs(`
  Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω alpha α beta β gamma γ delta δ
  epsilon ε zeta ζ eta η theta θ iota ι kappa κ lambda λ mu μ nu ν xi ξ omicron ο pi π rho ρ varsigma ς sigma σ tau τ
  upsion υ varphi φ phi ϕ chi χ psi ψ omega ω
`);

/** Signs, as arXiv knows them. */
export const signs: Readonly<Record<string, string>> = pairs(`
  P ¶ S § copyright © guillemotleft « guillemotright » pounds £ dag † ddag ‡ div ÷ deg °
`);

/** Further symbols of running text. */
export const textSymbols: Readonly<Record<string, string>> = pairs(`
  j ȷ upsilon υ varepsilon ε vartheta ϑ varrho ϱ varpi ϖ varkappa ϰ digamma ϝ
  ldots … dots … textellipsis … textendash – textemdash — textquoteleft ‘ textquoteright ’ textquotedblleft “
  textquotedblright ” textquotesingle ' textquotedbl " quotesinglbase ‚ quotedblbase „ guilsinglleft ‹ guilsinglright ›
  textregistered ® texttrademark ™ textcopyright © textdegree ° degree ° textcelsius ℃ celsius ℃ texteuro € euro € textsterling £
  textyen ¥ textcent ¢ textsection § textparagraph ¶ textdagger † textdaggerdbl ‡ textbullet • textperiodcentered ·
  textasciitilde ~ textasciicircum ^ textasciigrave \` textbackslash \\ textless < textgreater > textbar | textunderscore _
  textbraceleft { textbraceright } textmu µ micro µ textohm Ω ohm Ω textonehalf ½ textonequarter ¼ textthreequarters ¾
  textpm ± texttimes × textdiv ÷ textminus − textordfeminine ª textordmasculine º textquestiondown ¿ textexclamdown ¡
  textnumero № textalpha α textbeta β textgamma γ textdelta δ textepsilon ε textlambda λ textpi π textsigma σ textomega ω
  TeX TeX LaTeX LaTeX LaTeXe LaTeX2ε BibTeX BibTeX IJ Ĳ ij ĳ SS ẞ dagger † ddagger ‡ slash / lq ‘ rq ’ lbrace { rbrace }
  ie i.e. eg e.g. etc etc. vs vs. circledR ® textcircledR ® textbigcircle ◯ lbrack [ rbrack ]
`);

/** Binary operators of maths: spaced where the source spaces them. */
export const operators: Readonly<Record<string, string>> = pairs(`
  pm ± mp ∓ times × cdot · ast ∗ star ⋆ circ ∘ bullet • oplus ⊕ ominus ⊖ otimes ⊗ oslash ⊘ odot ⊙ cup ∪ cap ∩ uplus ⊎
  sqcup ⊔ sqcap ⊓ vee ∨ lor ∨ wedge ∧ land ∧ setminus ∖ wr ≀ amalg ⨿ diamond ⋄ bigcirc ◯ ltimes ⋉ rtimes ⋊ bmod mod
  boxtimes ⊠ boxplus ⊞ circledast ⊛ dotplus ∔ smallsetminus ∖ triangleleft ◁ triangleright ▷
`);

/** Relations and arrows: spaced always. */
export const relations: Readonly<Record<string, string>> = pairs(`
  leq ≤ le ≤ geq ≥ ge ≥ leqslant ⩽ geqslant ⩾ neq ≠ ne ≠ ll ≪ gg ≫ sim ∼ simeq ≃ approx ≈ cong ≅ equiv ≡ propto ∝ asymp ≍
  doteq ≐ lesssim ≲ gtrsim ≳ prec ≺ succ ≻ preceq ⪯ succeq ⪰ subset ⊂ supset ⊃ subseteq ⊆ supseteq ⊇ subsetneq ⊊
  supsetneq ⊋ sqsubseteq ⊑ sqsupseteq ⊒ in ∈ ni ∋ notin ∉ mid ∣ nmid ∤ parallel ∥ perp ⊥ vdash ⊢ dashv ⊣ models ⊨ vDash ⊨
  bowtie ⋈ triangleq ≜ coloneqq ≔ coloneq ≔ approxeq ≊ lll ⋘ ggg ⋙ nleq ≰ ngeq ≱ nless ≮ ngtr ≯ gtrless ≷ lessgtr ≶
  to → rightarrow → gets ← leftarrow ← leftrightarrow ↔ Rightarrow ⇒ Leftarrow ⇐ Leftrightarrow ⇔ implies ⇒ impliedby ⇐
  iff ⇔ mapsto ↦ longmapsto ⟼ longrightarrow ⟶ longleftarrow ⟵ Longrightarrow ⟹ Longleftrightarrow ⟺ hookrightarrow ↪ hookleftarrow ↩
  uparrow ↑ downarrow ↓ updownarrow ↕ Uparrow ⇑ Downarrow ⇓ rightharpoonup ⇀ rightharpoondown ⇁ leftharpoonup ↼ rightleftharpoons ⇌
  twoheadrightarrow ↠ rightsquigarrow ⇝ leadsto ⇝ nearrow ↗ searrow ↘ swarrow ↙ nwarrow ↖ rightleftarrows ⇄ rightrightarrows ⇉
`);

/** Everything else that stands for one character in maths. */
export const mathSymbols: Readonly<Record<string, string>> = pairs(`
  infty ∞ partial ∂ nabla ∇ forall ∀ exists ∃ nexists ∄ emptyset ∅ varnothing ∅ neg ¬ lnot ¬ top ⊤ bot ⊥ angle ∠
  hbar ℏ hslash ℏ ell ℓ Re ℜ Im ℑ wp ℘ aleph ℵ beth ℶ imath ı jmath ȷ complement ∁ mho ℧ eth ð
  sum ∑ prod ∏ coprod ∐ int ∫ iint ∬ iiint ∭ oint ∮ bigcup ⋃ bigcap ⋂ bigoplus ⨁ bigotimes ⨂ bigvee ⋁ bigwedge ⋀ bigsqcup ⨆
  langle ⟨ rangle ⟩ lceil ⌈ rceil ⌉ lfloor ⌊ rfloor ⌋ lVert ‖ rVert ‖ Vert ‖ lvert | rvert | vert | lbrace { rbrace }
  lbrack [ rbrack ] llbracket ⟦ rrbracket ⟧ backslash \\ prime ′ cdots ⋯ vdots ⋮ ddots ⋱ dotsc … dotsb ⋯ dotsm ⋯ dotso …
  triangle △ square □ Box □ blacksquare ■ Diamond ◇ lozenge ◊ bigstar ★ clubsuit ♣ diamondsuit ♢ heartsuit ♡ spadesuit ♠
  flat ♭ natural ♮ sharp ♯ checkmark ✓ sun ☉ odot ⊙ surd √ therefore ∴ because ∵ colon : lt < gt > And & dblcolon ∷ qed ∎ bigtriangleup △ bigtriangledown ▽
  circ ∘ digamma ϝ lozenge ◊ measuredangle ∡ sphericalangle ∢ Finv Ⅎ Game ⅁ ulcorner ⌜ urcorner ⌝ llcorner ⌞ lrcorner ⌟
  eps ε vareps ε lam λ al α
  varGamma Γ varDelta Δ varTheta Θ varLambda Λ varXi Ξ varPi Π varSigma Σ varPhi Φ varPsi Ψ varOmega Ω
`);

/** Maths with arguments, also where a title writes it without `$`. */
export const mathMacros: ReadonlySet<string> = new Set(
  `frac dfrac tfrac sqrt binom mathbb mathbbm mathds Bbb mathcal mathscr mathfrak frak hat widehat bar vec dot ddot
  tilde widetilde overline`.split(/\s+/),
);

function pairs(text: string): Readonly<Record<string, string>> {
  const words = text.trim().split(/\s+/);
  const table: Record<string, string> = Object.create(null);
  for (let at = 0; at + 1 < words.length; at += 2) table[words[at] ?? ""] = words[at + 1] ?? "";
  return table;
}
