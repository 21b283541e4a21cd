using Portal.Engine.Content;

namespace Portal.Engine.Distribution.Signatures;

/// <summary>What one look for an image's signatures has found so far, and what was wrong with the others.</summary>
/// <param name="repository">As what the image is used.</param>
/// <param name="wanted">What is looked for.</param>
/// <remarks>One thread.</remarks>
internal sealed class SignatureFindings(string repository, WantedSignatures wanted)
{
    // A refusal is read by people: of what strangers may put there in any number, some will do.
    private const int MaxProblems = 8;
    private readonly List<VerifiedSignature> _verified = [];
    private readonly List<string> _problems = [];
    private int _more;

    /// <summary>Registry and repository.</summary>
    public string Repository => repository;

    /// <summary>Whether no further ones need be looked for.</summary>
    public bool AreEnough => _verified.Count > 0 && wanted.AreEnough([.. _verified.Select(signature => signature.Key)]);

    /// <summary>The key that has signed bytes; null when it is none of those that were asked for.</summary>
    public ISignatureKey? FindKey(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        foreach (var key in wanted.Keys)
        {
            if (key.Verifies(data, signature))
            {
                return key;
            }
        }

        return null;
    }

    /// <summary>Notes a good signature.</summary>
    public void Add(Digest digest, ISignatureKey key)
    {
        var signature = new VerifiedSignature(repository, digest.ToString(), key.Fingerprint);
        if (!_verified.Contains(signature))
        {
            _verified.Add(signature);
        }
    }

    /// <summary>Notes what is wrong, as a clause for the user.</summary>
    /// <param name="problem">The clause.</param>
    /// <param name="isOfAll">It is about all of them: shown in any case.</param>
    public void Blame(string problem, bool isOfAll = false)
    {
        if (_problems.Contains(problem))
        {
            return;
        }

        if (isOfAll)
        {
            _problems.Insert(0, problem);
        }
        else if (_problems.Count < MaxProblems)
        {
            _problems.Add(problem);
        }
        else
        {
            _more++;
        }
    }

    /// <summary>All of it.</summary>
    public SignatureReport ToReport() =>
        new(_verified, AreEnough ? "" : string.Join(", ", _more > 0 ? [.. _problems, $"and {_more} more"] : _problems));
}
