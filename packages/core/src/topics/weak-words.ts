/** Does a stem hold sentences of abstracts together rather than name a subject? */
export function isWeakWord(stem: string): boolean {
  return WEAK.has(stem);
}

/** Does a word look like one that a noun should follow? By its ending, with the nouns that share it left out. */
export function readsAsAdjective(word: string): boolean {
  const lower = word.toLowerCase();
  if (NOUNS.has(lower)) return false;
  return /(?:[aeo]us|ive|[tcnrd]al|ical|able|ible|ly|ary|ular|less|ful|(?:st|ph|et|at|it|ot|om|gn|on)ic|[a-z]{3}ed|-aware|-based|-free|-driven|-level)$/.test(
    lower,
  );
}

const NOUNS: ReadonlySet<string> = new Set(
  `signal retrieval removal proposal potential integral material journal animal metal crystal interval arrival
   hospital capital manual appraisal disposal renewal residual polynomial trial dialectic logic music topic metric
   traffic fabric arithmetic statistic heuristic characteristic semantic clinic critic electronic perspective objective
   derivative narrative adjective primitive additive archive drive hive virus corpus focus status consensus apparatus
   genus nucleus calculus bus campus stimulus radius modulus variable table cable library dictionary boundary summary
   vocabulary glossary diary anomaly family assembly supply butterfly fly embed seed speed feed need breed spectral
   cancellation goal coal petal portal mural viral`.split(/\s+/),
);

const WEAK: ReadonlySet<string> = new Set(
  `abstract achiev address adopt advanc aim allow altern analysi analyz appli applic approach apart arbitrari articl
   aspect assess author avail base becom benefit best better bring call capabl case challeng code combin compar
   comparison complet comprehens conclus conduct consid consist construct contain contrast contribut conveni
   current deal demonstr depend deriv describ design despit detail determin develop differ difficult directli
   discuss effect effici emerg emploi employ enabl enhanc ensur entir especi essenti establish evalu exampl exhibit
   exist experi experiment explain explicit exploit explor extend extens face fact fail final find first focu follow
   form formul framework full fundament furthermor gain gap gener give given goal good great growth high higher
   highlight hold idea identifi illustr impact implement import improv includ incorpor increas independ indic
   insight inspir integr interest introduc investig involv issu keep kei key known lack lead led level leverag
   limit literatur long low lower main maintain major make method methodolog model motiv move natur necessari need new
   novel number obtain offer open outperform overal overcom paper particular perform period point popular posit
   possibl potenti practic present preserv previou prior problem procedur process produc progress promis promot
   proof propos prove provid publicli purpos question rang rare real reason recent reduc regard relat releas reli
   reliabl remain report repres requir research resolv respect result reveal rich rigor role same scenario second
   seek seri serv set sever show shown signific significantli similar simpl simultan singl situat small solut solv
   sota special specif standard start state step still strategi strength strong studi substanti success suffer
   suffici suggest suitabl superior support surpass systemat tackl take target task tend term test theori third three
   thorough time topic total tradit try two type typic understand uniqu usag usual util valid valu vari variou
   verifi version view wai way well wide widespread work year yield us choic last decad code repositori github fifteen twenti thirti hundr thousand`.split(
    /\s+/,
  ),
);
