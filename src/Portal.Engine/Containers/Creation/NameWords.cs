namespace Portal.Engine.Containers.Creation;

/// <summary>What names are made of when nobody gave one: a quality and a surname from computing and the sciences.</summary>
internal static class NameWords
{
    public static readonly string[] Qualities =
    [
        "able", "airy", "alert", "ample", "apt", "avid", "balmy", "bold", "brave", "breezy", "brisk", "bubbly", "calm",
        "candid", "careful", "cheery", "civil", "clear", "clever", "cosy", "crisp", "curious", "daring", "deft",
        "dapper", "devoted", "dreamy", "eager", "earnest", "easy", "fair", "fancy", "fearless", "fleet", "fluent",
        "fond", "frank", "fresh", "gentle", "gifted", "glad", "graceful", "grand", "handy", "happy", "hardy", "hearty",
        "honest", "hopeful", "humble", "jolly", "jovial", "keen", "kind", "lively", "loyal", "lucid", "lucky", "mellow",
        "merry", "mighty", "modest", "neat", "nimble", "noble", "patient", "placid", "plucky", "polite", "proud",
        "quick", "quiet", "radiant", "ready", "robust", "sage", "serene", "sharp", "sincere", "smart", "snug", "sober",
        "solid", "spry", "stable", "steady", "sturdy", "sunny", "swift", "tender", "thrifty", "tidy", "trusty", "upbeat",
        "vivid", "warm", "willing", "wise", "witty", "zesty",
    ];

    public static readonly string[] Surnames =
    [
        "abel", "adleman", "aho", "aiken", "allen", "ampere", "avogadro", "backus", "banach", "bartik", "becquerel",
        "bernoulli", "bohr", "bolzano", "boole", "born", "boyle", "bragg", "brahe", "brooks", "cantor", "carnot",
        "cauchy", "celsius", "cerf", "chandra", "church", "clarke", "codd", "cohn", "conway", "cori", "coulomb", "curie",
        "dahl", "dalton", "darwin", "dijkstra", "diophantus", "dirac", "doppler", "eckert", "einstein", "engelbart",
        "erdos", "euclid", "euler", "faraday", "fermat", "fermi", "feynman", "fibonacci", "floyd", "fourier", "franklin",
        "galileo", "galois", "gauss", "germain", "godel", "goldberg", "gray", "hamilton", "hamming", "hertz", "hilbert",
        "hoare", "hopper", "hubble", "huffman", "huygens", "iverson", "jacobi", "joule", "kay", "kepler", "khorana",
        "kleene", "knuth", "lagrange", "lamarr", "lamport", "laplace", "leibniz", "liskov", "lovelace", "maxwell",
        "mccarthy", "meitner", "mendel", "minsky", "nash", "naur", "newton", "noether", "nygaard", "ohm", "pascal",
        "pauli", "perlis", "planck", "poincare", "rabin", "ramanujan", "ritchie", "rivest", "sammet", "shamir",
        "shannon", "simon", "sutherland", "tarjan", "tesla", "thompson", "torvalds", "turing", "vaughan", "volta",
        "wilkes", "wirth", "yao", "zuse",
    ];
}
