// What an engine runs of this pack: JavaScript, so that no engine checks or compiles types at every preview.
require("../entry/built.cjs").requireBuilt("policy/pack");
