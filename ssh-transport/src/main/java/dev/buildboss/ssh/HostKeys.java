package dev.buildboss.ssh;

import com.jcraft.jsch.HostKey;
import com.jcraft.jsch.HostKeyRepository;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.UserInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The judge of one connection's host key: known keys pass, unknown ones are recorded and pass (or are refused, when strict),
 * changed and revoked ones never pass.
 *
 * <p>JSch is told to be strict and asks here; it has no {@code accept-new} of its own (it takes that for "no", and accepts
 * changed keys). JSch calls from its own thread.
 */
final class HostKeys implements HostKeyRepository {

    private static final Map<String, List<String>> ALGORITHMS_OF_TYPE =
            Map.of("ssh-rsa", List.of("rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"));

    private final SshHost host;
    private final KnownHosts files;
    private volatile @Nullable String refusal;

    HostKeys(SshHost host) {
        this.host = host;
        this.files = new KnownHosts(host.knownHostsFiles(), host.globalKnownHostsFiles(), host.hashKnownHosts());
    }

    /** Why the key was refused, with file and line and the way out; empty if it was not. */
    Optional<String> refusal() {
        return Optional.ofNullable(refusal);
    }

    /** JSch's list of key algorithms, the known ones first and certificates left out. */
    String algorithms() throws IOException {
        List<String> offered = new ArrayList<>();
        String chosen = host.algorithms().getOrDefault("server_host_key", JSch.getConfig("server_host_key"));
        for (String name : chosen.split(",", -1)) {
            if (!name.contains("-cert-")) {
                offered.add(name);
            }
        }
        Set<String> ordered = new LinkedHashSet<>();
        for (String type : files.types(host.knownName())) {
            for (String name : ALGORITHMS_OF_TYPE.getOrDefault(type, List.of(type))) {
                if (offered.contains(name)) {
                    ordered.add(name);
                }
            }
        }
        ordered.addAll(offered);
        return String.join(",", ordered);
    }

    @Override
    public int check(String name, byte[] blob) {
        try {
            String type = type(blob);
            String key = Base64.getEncoder().encodeToString(blob);
            KnownHosts.Verdict verdict = files.check(host.knownName(), type, key);
            if (verdict instanceof KnownHosts.Verdict.Unknown && !host.strict()) {
                verdict = files.record(host.knownName(), type, key);
            }
            return answer(verdict, type);
        } catch (IOException e) {
            refusal = "can't use the known hosts: " + e;
            return NOT_INCLUDED;
        }
    }

    private int answer(KnownHosts.Verdict verdict, String type) {
        if (verdict instanceof KnownHosts.Verdict.Known) {
            return OK;
        }
        if (verdict instanceof KnownHosts.Verdict.Changed changed) {
            refusal = "the host key (" + type + ") is not the one in " + changed.where()
                    + ": somebody may be listening in, or the host was set up anew; if so, remove it with: ssh-keygen -f "
                    + ShellQuote.quote(changed.path().toString()) + " -R " + ShellQuote.quote(host.knownName());
            return CHANGED;
        }
        if (verdict instanceof KnownHosts.Verdict.Revoked revoked) {
            refusal = "the host key (" + type + ") is marked as revoked in " + revoked.where();
            return CHANGED;
        }
        refusal = "the host key (" + type + ") of " + host.knownName()
                + " is not known, and unknown keys are refused (strict-host-key-checking): connect once with ssh "
                + host.alias();
        return NOT_INCLUDED;
    }

    /** A key's blob begins with its type's name, its length before it (RFC 4253, 6.6). */
    private static String type(byte[] blob) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(blob);
        int length = blob.length < 4 ? -1 : buffer.getInt();
        if (length < 1 || length > buffer.remaining()) {
            throw new IOException("a host key of a form that isn't known");
        }
        return new String(blob, 4, length, StandardCharsets.US_ASCII);
    }

    @Override
    public void add(HostKey key, @Nullable UserInfo info) {
        // check() has recorded it.
    }

    @Override
    public void remove(String name, String type) {
        // Nothing is ever removed from the user's files.
    }

    @Override
    public void remove(String name, String type, byte[] blob) {
        // Nothing is ever removed from the user's files.
    }

    @Override
    public String getKnownHostsRepositoryID() {
        return host.knownHostsFiles().toString();
    }

    @Override
    public HostKey[] getHostKey() {
        return new HostKey[0];
    }

    @Override
    public HostKey[] getHostKey(String name, String type) {
        return new HostKey[0];
    }
}
