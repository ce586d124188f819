package dev.buildboss.ssh;

import com.jcraft.jsch.AgentIdentityRepository;
import com.jcraft.jsch.AgentProxyException;
import com.jcraft.jsch.Identity;
import com.jcraft.jsch.IdentityRepository;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.SSHAgentConnector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.Vector;

/**
 * The keys to log in with, in the order that ssh tries them: the agent's keys that are configured, the agent's others,
 * files. Encrypted files can't be used (nothing ever asks for a passphrase); they are remembered for the message.
 *
 * <p>Made for one connection and not changed afterwards.
 */
final class Identities implements IdentityRepository {

    private final List<Identity> identities = new ArrayList<>();
    private final List<String> unusable = new ArrayList<>();

    private Identities() {}

    static Identities of(SshHost host) {
        Identities result = new Identities();
        List<Identity> files = new ArrayList<>();
        List<Path> encrypted = new ArrayList<>();
        Set<String> configured = new LinkedHashSet<>();
        for (Path file : host.identityFiles()) {
            result.readFile(file, files, encrypted, configured);
        }
        List<Identity> held = result.agent(host);
        held.stream().filter(i -> configured.contains(blob(i))).forEach(result.identities::add);
        if (!host.identitiesOnly()) {
            held.stream().filter(i -> !configured.contains(blob(i))).forEach(result.identities::add);
        }
        Set<String> offered = new LinkedHashSet<>();
        result.identities.forEach(i -> offered.add(blob(i)));
        files.stream().filter(i -> !offered.contains(blob(i))).forEach(result.identities::add);
        for (Path file : encrypted) {
            result.unusable.add("the key " + file + " is encrypted and no agent holds it (ssh-add " + file + ")");
        }
        return result;
    }

    /** What could have been tried but for a reason, each in words. */
    List<String> unusable() {
        return List.copyOf(unusable);
    }

    boolean isEmpty() {
        return identities.isEmpty();
    }

    private void readFile(Path file, List<Identity> files, List<Path> encrypted, Set<String> configured) {
        Path pub = file.resolveSibling(file.getFileName() + ".pub");
        String publicKey = publicBlob(pub);
        if (!publicKey.isEmpty()) {
            configured.add(publicKey);
        }
        if (!Files.isRegularFile(file)) {
            return;
        }
        try {
            JSch reader = new JSch();
            reader.addIdentity(file.toString());
            for (Identity identity : reader.getIdentityRepository().getIdentities()) {
                configured.add(blob(identity));
                if (identity.isEncrypted()) {
                    encrypted.add(file);
                } else {
                    files.add(identity);
                }
            }
        } catch (JSchException e) {
            // An IdentityFile may also name a public key alone, of which the agent has the private one.
            String alone = publicBlob(file);
            if (alone.isEmpty()) {
                unusable.add("can't read the key " + file + ": " + e.getMessage());
            } else {
                configured.add(alone);
            }
        }
    }

    private static String publicBlob(Path file) {
        try {
            if (Files.isRegularFile(file) && Files.size(file) < 64 * 1024) {
                String[] words = Files.readString(file).strip().split("\\s+", -1);
                if (words.length >= 2 && words[0].contains("-")) {
                    return Base64.getEncoder()
                            .encodeToString(Base64.getDecoder().decode(words[1]));
                }
            }
            return "";
        } catch (IOException | IllegalArgumentException notAKey) {
            return "";
        }
    }

    private List<Identity> agent(SshHost host) {
        if (host.agent().isEmpty() || !Files.exists(host.agent().get())) {
            return List.of();
        }
        try {
            return List.copyOf(new AgentIdentityRepository(
                            new SSHAgentConnector(host.agent().get()))
                    .getIdentities());
        } catch (AgentProxyException | RuntimeException e) {
            unusable.add("the agent at " + host.agent().get() + " doesn't answer: " + e.getMessage());
            return List.of();
        }
    }

    private static String blob(Identity identity) {
        byte[] blob = identity.getPublicKeyBlob();
        return blob == null ? identity.getName() : Base64.getEncoder().encodeToString(Arrays.copyOf(blob, blob.length));
    }

    @Override
    public String getName() {
        return "buildboss";
    }

    @Override
    public int getStatus() {
        return RUNNING;
    }

    @Override
    @SuppressWarnings("JdkObsolete") // JSch's interface
    public Vector<Identity> getIdentities() {
        return new Vector<>(identities);
    }

    @Override
    public boolean add(byte[] identity) {
        return false;
    }

    @Override
    public boolean remove(byte[] blob) {
        return false;
    }

    @Override
    public void removeAll() {
        // JSch calls this for keys that it was given a passphrase for; these are none.
    }
}
